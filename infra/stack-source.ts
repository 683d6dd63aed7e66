import { readFileSync } from "node:fs";
import { stacks } from "../stacks/index.ts";

/** Where a stack comes from: its file, or what an earlier `up` has recorded of it. */
export interface StackSource {
  /** The stack as it was written; not checked yet. */
  readonly input: unknown;
  /** Image references of that time; null for those that the files of this checkout have now. */
  readonly images: Readonly<Record<string, string>> | null;
}

/** Names a JSON file with a {@link StackSource} that is used instead of the stack's file; set by `npm run rollback`. */
export const stackFileVariable = "HOTSPARE_STACK_FILE";

/** The stack of this name, or null when there is none. */
export function stackSource(stack: string, env: NodeJS.ProcessEnv = process.env): StackSource | null {
  const recorded = env[stackFileVariable];
  if (recorded) return JSON.parse(readFileSync(recorded, "utf8")) as StackSource;
  return Object.hasOwn(stacks, stack) ? { input: stacks[stack], images: null } : null;
}

/** What there is to choose from, for the message when a name is wrong. */
export function stackNames(): string[] {
  return Object.keys(stacks);
}
