import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { StackSource } from "../../infra/stack-source.ts";
import { stateFile } from "./state-file.ts";

/** A stack that stood as planned after an `up`. */
export interface GoodStack extends StackSource {
  /** When, in ISO 8601. */
  readonly at: string;
}

/** How many are kept; nobody goes back further by a command. */
const kept = 10;

/** Remembers that a stack stands, unless it is what was remembered last. */
export function rememberGood(stack: string, source: StackSource): void {
  const known = goodStacks(stack);
  const [latest] = known;
  if (latest !== undefined && isSame(latest, source)) return;
  const path = fileOf(stack);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const all = [{ ...source, at: new Date().toISOString() }, ...known].slice(0, kept);
  writeFileSync(path, `${JSON.stringify(all, null, 1)}\n`, { mode: 0o600 });
}

/** The stack that stood as planned last, or null. */
export function lastGood(stack: string): GoodStack | null {
  return goodStacks(stack)[0] ?? null;
}

/** The newest good stack that is another than this one, or null. */
export function goodStackBefore(stack: string, source: StackSource): GoodStack | null {
  return goodStacks(stack).find((good) => !isSame(good, source)) ?? null;
}

/** Newest first. A file that can't be read is as good as none. */
function goodStacks(stack: string): GoodStack[] {
  try {
    return JSON.parse(readFileSync(fileOf(stack), "utf8")) as GoodStack[];
  } catch {
    return [];
  }
}

function isSame(a: StackSource, b: StackSource): boolean {
  return JSON.stringify([a.input, a.images]) === JSON.stringify([b.input, b.images]);
}

function fileOf(stack: string): string {
  return stateFile("good", stack, "json");
}
