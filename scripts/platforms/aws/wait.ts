import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes, UserError } from "../../exit.ts";
import type { Progress } from "../../toolchain/progress.ts";
import type { GroupStatus, GroupsStatus } from "./cluster-status.ts";
import { observe, type Subject } from "./observe.ts";
import { isRefused, isRolling, type Observed } from "./observed.ts";
import { launchFailures } from "./reasons.ts";

export interface WaitArgs {
  readonly subject: Subject;
  /** What there was before the change: what rolled through a group then is none of its doing. */
  readonly before: Observed;
  readonly progress: Progress;
  /** Milliseconds between two looks. */
  readonly pause?: number;
  /** Milliseconds that nothing may get better; by default what the groups give a new machine, and five minutes. */
  readonly patience?: number;
}

/**
 * Waits until every group is whole, no change rolls any more and the URL answers. A change that rolls is AWS's own and ends by itself,
 * however long it takes; time runs only where none does. Ctrl-C ends the waiting and nothing else.
 *
 * @throws UserError when a change was turned back, or the cluster doesn't serve in time
 */
export async function waitUntilWhole(args: WaitArgs): Promise<GroupsStatus> {
  const { subject, progress, pause = 5000, patience = patienceOf(subject) } = args;
  return progress.task("waiting until the groups are whole and the URL answers", async (update) => {
    const begun = new Date();
    let deadline = begun.getTime() + patience;
    for (;;) {
      const status = await observe(subject);
      refuseTurnedBack(status, args.before);
      if (isWhole(status)) return status;
      const [news = numbers(status)] = status.underWay;
      update(numbers(status), news === numbers(status) ? (status.findings[0] ?? "") : news);
      if (status.underWay.length > 0) deadline = Date.now() + patience;
      if (Date.now() > deadline) {
        if (status.state === "degraded" && status.answers !== false) return status;
        const why = await launchFailures(subject, begun);
        throw new UserError(tooLate(status, patience, why), exitCodes.degraded);
      }
      await sleep(pause);
    }
  });
}

/** Whether there is nothing to wait for: an alarm that has risen meanwhile falls by itself, minutes later. */
function isWhole({ findings, alarms, underWay }: GroupsStatus): boolean {
  return findings.length === alarms.length && underWay.length === 0;
}

function patienceOf({ plan }: Subject): number {
  return Math.max(...plan.groups.map(({ refresh }) => refresh.patience)) + 300_000;
}

/** `lb 2 of 2, web 1 of 3 in service`. */
function numbers({ groups }: GroupsStatus): string {
  return `${groups.map(({ key, inService, desired }) => `${key} ${inService} of ${desired ?? 0}`).join(", ")} in service`;
}

function refuseTurnedBack({ stack, groups }: GroupsStatus, before: Observed): void {
  const back = groups.filter((group) => isNewlyRefused(group, before));
  if (back.length === 0) return;
  const sentences = back.map(({ key, refresh }) => `${key}: ${refresh?.reason || refresh?.status}`);
  const isBack = back.every(({ refresh }) => refresh?.status === "RollbackSuccessful");
  const who = isBack ? "The machines of before serve on" : "New machines are among the old ones";
  throw new UserError(
    `the change did not take: ${sentences.join("; ")}. ${who}. Fix the stack and run \`./hotspare up ${stack}\` again, or go back by \`./hotspare rollback ${stack}\`; \`./hotspare events ${stack}\` tells more, and what machines said last that didn't get ready`,
  );
}

function isNewlyRefused({ name, refresh }: GroupStatus, before: Observed): boolean {
  const known = before.groups.get(name)?.refresh ?? null;
  if (refresh === null || !isRefused(refresh)) return false;
  return known === null || refresh.id !== known.id || isRolling(known);
}

function tooLate({ findings, url, stack }: GroupsStatus, patience: number, why: readonly string[]): string {
  const where = url === null ? "" : ` at ${url}`;
  return `the cluster is not whole${where} after ${Math.round(patience / 60_000)} minutes: ${findings.join("; ")}.${why.map((reason) => ` ${reason}.`).join("")} AWS goes on trying; \`./hotspare status ${stack}\` shows it, \`./hotspare events ${stack}\` why`;
}
