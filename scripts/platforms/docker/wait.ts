import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { answersAt } from "../../status/answers.ts";
import type { ClusterStatus } from "../../status/cluster-status.ts";
import type { Progress } from "../../toolchain/progress.ts";
import { readLog } from "./logs.ts";
import { clusterStatus } from "./look.ts";
import { listContainers } from "./view.ts";

export interface WaitArgs {
  readonly docker: Docker;
  readonly stack: string;
  readonly plan: ClusterPlan;
  readonly progress: Progress;
}

/** A cluster that serves does so within seconds; a user's own image may take longer to start. */
const patience = 60_000;
const pause = 250;

/**
 * Waits until every machine is as planned and the cluster answers from the host.
 *
 * @throws UserError that says what is wrong, with the last words of the containers that don't run or don't answer. A
 *   cluster that answers but isn't complete passes; its status tells.
 */
export async function waitUntilServing(args: WaitArgs): Promise<void> {
  const { docker, stack, plan, progress } = args;
  await progress.task("waiting until the cluster answers", async (update) => {
    const deadline = Date.now() + patience;
    for (;;) {
      const status = await clusterStatus(docker, stack, plan);
      const answers = status.url === null || (await answersAt(status.url));
      if (status.state === "ok" && answers) return;
      update(answers ? "" : "no answer yet", status.findings[0] ?? "");
      if (Date.now() > deadline) {
        if (answers && status.state === "degraded") return;
        throw new UserError(await diagnosis(args, status, answers), exitCodes.degraded);
      }
      await sleep(pause);
    }
  });
}

async function diagnosis(
  { docker, stack, plan }: WaitArgs,
  status: ClusterStatus,
  answers: boolean,
): Promise<string> {
  const headline = answers
    ? "the cluster does not come to rest"
    : `the cluster does not answer at ${status.url}`;
  const ailing = new Set(
    status.machines
      .filter(({ role, running, healthy }) => (role !== "cold" && !running) || healthy === false)
      .map(({ key }) => key),
  );
  const views = (await listContainers(docker, { owner: plan.owner, stack })).filter(({ key }) =>
    ailing.has(key),
  );
  const words = await Promise.all(
    views
      .slice(0, 3)
      .map(async ({ id, key, status: state }) => `${key} (${state}):\n${await lastLog(docker, id)}`),
  );
  return [
    `${headline} after ${patience / 1000} s: ${status.findings.join("; ") || "the balancers see no reason"}`,
    ...words,
  ].join("\n");
}

/** The last lines that a container wrote. */
async function lastLog(docker: Docker, id: string): Promise<string> {
  const lines: string[] = [];
  await readLog(docker, id, { tail: 8, follow: false }, (_, text) => lines.push(`    ${text}`));
  return lines.join("\n");
}
