import type { Action, Power } from "../types.ts";

/** Switches machines. Another platform has another driver of this form. */
export interface Driver {
  /** Power of every node that can be switched, by key. @throws Error when it can't be told */
  power(): Promise<Record<string, Power>>;
  /** Does one thing. Returns why it was left undone, or null when it was done. @throws Error when it failed */
  perform(action: Action): Promise<string | null>;
}
