import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { StackSource } from "../../infra/stack-source.ts";
import { stateFile } from "./state-file.ts";

/** A stack that served after an `up`. */
export interface GoodStack extends StackSource {
  /** Whether all of it stood as planned; left out by earlier revisions, which kept no others. */
  readonly whole?: boolean;
  /** When, in ISO 8601. */
  readonly at: string;
}

/** How many are kept; nobody goes back further by a command. */
const kept = 10;

/** Remembers that a stack serves, unless it is what was remembered last. @param whole whether all of it stands as planned */
export function rememberGood(stack: string, source: StackSource, whole = true): void {
  const all = goodStacks(stack);
  const [latest] = all;
  const isKnown = latest !== undefined && isSame(latest, source);
  if (isKnown && (isWhole(latest) || !whole)) return;
  const known = isKnown ? all.slice(1) : all;
  const path = fileOf(stack);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = [{ ...source, at: new Date().toISOString(), whole }, ...known].slice(0, kept);
  writeFileSync(path, `${JSON.stringify(next, null, 1)}\n`, { mode: 0o600 });
}

/** The stack that stood as planned last, or null. */
export function lastGood(stack: string): GoodStack | null {
  return goodStacks(stack).find(isWhole) ?? null;
}

const isWhole = ({ whole = true }: GoodStack) => whole;

/** The newest stack that is another than this one and stood as planned; else the newest in which anything served; else null. */
export function goodStackBefore(stack: string, source: StackSource): GoodStack | null {
  const others = goodStacks(stack).filter((good) => !isSame(good, source));
  return others.find(isWhole) ?? others[0] ?? null;
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
