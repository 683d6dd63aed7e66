import { createHash } from "node:crypto";
import { compare } from "../../components/review/compare/index.ts";
import type { PlanDocument } from "../../components/review/document.ts";
import type { StackSource } from "../../infra/stack-source.ts";
import { lastGood } from "../engine/good-stacks.ts";
import { planDocument, recordOf } from "../stacks.ts";
import type { Message } from "./message.ts";
import { type HistoryEntry, historyOf } from "./read.ts";

/** What an `up` that begins now is told of in the history. */
type Told = Pick<Message, "summary" | "source">;

/** How far back the last operation that succeeded is looked for. */
const lookBack = 10;

/**
 * What an `up` of this stack changes for the service, in the sentences of a review. Compared is with the stack that stood last, and
 * that only where the backend's history says that it is the one of the last operation that succeeded: this machine may not have
 * seen what another did. Else nothing is said, and the history has the counts alone.
 *
 * @param history by {@link knownHistory}
 */
export function tellUp(stack: string, history: readonly HistoryEntry[] | null): Told {
  const now = recordOf(stack);
  const before = baseOf(stack, history);
  return {
    summary: before === undefined ? [] : sentences(before, planDocument(stack)),
    source: sourceHash(now),
  };
}

/** The newest operations on a stack. What the history would be told is no reason to stop an `up`: null where it can't be read. */
export async function knownHistory(stack: string): Promise<HistoryEntry[] | null> {
  try {
    return await historyOf(stack, lookBack);
  } catch {
    return null;
  }
}

/** The document of what stood before: null for nothing, undefined where this machine can't tell. */
function baseOf(stack: string, history: readonly HistoryEntry[] | null): PlanDocument | null | undefined {
  if (history === null) return undefined;
  const good = lastGood(stack);
  const standing = standingBy(history, good === null ? null : sourceHash(good));
  if (standing !== "good" || good === null) return standing === "nothing" ? null : undefined;
  try {
    return planDocument(stack, undefined, good);
  } catch {
    // An earlier version of the kit took it; this one doesn't any more.
    return undefined;
  }
}

/**
 * What stands by the backend's history: the stack that this machine remembers as good, nothing, or another one. An operation that
 * failed has changed something on the way to what comes now, so it is part of that.
 *
 * @param history the newest first
 */
export function standingBy(
  history: readonly Pick<HistoryEntry, "kind" | "result" | "source">[],
  good: string | null,
): "good" | "nothing" | "unknown" {
  if (history.length === 0) return "nothing";
  const index = history.findIndex(({ result }) => result === "succeeded");
  const last = history[index];
  if (last?.kind === "destroy") return "nothing";
  // A `down` that failed has removed a part that no plan tells of.
  if (history.slice(0, index).some(({ kind }) => kind === "destroy")) return "unknown";
  return last !== undefined && good !== null && last.source === good ? "good" : "unknown";
}

function sentences(before: PlanDocument | null, after: PlanDocument): string[] {
  const change = compare(before, after);
  if (change.kind === "unchanged") return ["no change of the stack"];
  return change.sentences.map(({ subject, text }) => `${subject}: ${text}`);
}

/** Tells one source of a stack from another. */
export function sourceHash({ input, images }: StackSource): string {
  return createHash("sha256")
    .update(JSON.stringify([input, images]))
    .digest("hex")
    .slice(0, 12);
}
