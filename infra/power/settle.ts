import { setTimeout as sleep } from "node:timers/promises";
import { PowerError, type PowerState, type PowerTimes } from "./types.ts";

/** What it takes to bring a server into a state, of whichever kind its controller is. */
export interface Switching {
  readonly wanted: "on" | "off";
  /** How the server is now. */
  readonly look: () => Promise<PowerState>;
  /** Presses once. @returns why that wasn't taken, or null */
  readonly press: () => Promise<Error | null>;
  /** What to throw when time is over and nobody has said why. */
  readonly late: () => PowerError;
  readonly within: number;
  readonly signal: AbortSignal | undefined;
}

/** Failures that another try can change: the controller itself may be starting anew, or an answer was lost. */
const passing = (error: unknown) =>
  error instanceof PowerError && ["unreachable", "failed"].includes(error.failure);

/**
 * Presses, and looks until the server is as wanted; presses again where the first was lost. What counts is what is seen: a press that was
 * refused because the server is so already is none.
 */
export async function settle(switching: Switching, { pause }: PowerTimes): Promise<void> {
  const { wanted, look, press, late, within, signal } = switching;
  const deadline = performance.now() + within;
  const again = Math.max(within / 3, 20 * pause);
  let pressedAt = Number.NEGATIVE_INFINITY;
  let why: Error | null = null;
  for (;;) {
    try {
      const state = await look();
      if (state === wanted) return;
      const moving = state === (wanted === "on" ? "turning-on" : "turning-off");
      if (!moving && performance.now() - pressedAt >= again) {
        pressedAt = performance.now();
        why = await press();
        continue;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!passing(error)) throw error;
      why = error as Error;
    }
    if (performance.now() >= deadline) throw why ?? late();
    await sleep(pause, undefined, { signal });
  }
}
