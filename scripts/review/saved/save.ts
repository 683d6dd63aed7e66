import { rmSync } from "node:fs";
import { isAtLeast } from "../../../components/review/verdict.ts";
import type { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { Reviewed } from "../run.ts";
import { type Circumstances, circumstanceDifferences } from "./differences.ts";
import { type SavedPlan, savedPlanSchema, writeSavedPlan } from "./document.ts";
import { circumstances } from "./program.ts";
import { takeSigningKey } from "./signature.ts";

/**
 * Runs a review of one stack with the engine, and stores what was reviewed. What can't be stored leaves no file, not even an older
 * one: nobody shall carry out a plan of last week in the belief that it is this one.
 */
export async function saving(
  file: string,
  stack: string,
  progress: Progress,
  work: () => Promise<Reviewed[]>,
): Promise<Reviewed[]> {
  const key = takeSigningKey();
  rmSync(file, { force: true });
  // Where they can't be had, a tool is missing or the stack is wrong; the review says so itself.
  const before = await readyPulumi(progress)
    .then(() => circumstances(stack))
    .catch(() => null);
  const reviewed = await work();
  const plan = before && (await savable(before, reviewed));
  if (plan === null || typeof plan === "string") {
    progress.note(`Not saved: ${plan ?? "what the review goes by could not be determined"}.`);
  } else {
    writeSavedPlan(file, plan, key);
    progress.note(`Saved: \`./hotspare up ${stack} --plan ${file}\` does this and nothing else.`);
  }
  return reviewed;
}

/** What can be stored, or why it can't. */
async function savable(before: Circumstances, [reviewed]: readonly Reviewed[]): Promise<SavedPlan | string> {
  if (!reviewed?.plan) return "the engine has not reported all that it would do";
  const { commit, dirty } = reviewed.review.head;
  const { verdict } = reviewed.review;
  if (isAtLeast(verdict, "violated")) return `the verdict is "${verdict}"`;
  // A file that somebody saves meanwhile may be in one part of the review and not in the other.
  const changed = circumstanceDifferences(before, await circumstances(before.stack));
  if (changed.length > 0) return `files changed meanwhile: ${changed.join("; ")}`;
  return { schema: savedPlanSchema, ...before, head: { commit, dirty }, verdict, ...reviewed.plan };
}
