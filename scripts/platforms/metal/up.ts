import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes, UserError } from "../../exit.ts";
import { planOf } from "../../stacks.ts";
import { answersAt } from "../../status/answers.ts";
import type { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { PlatformUp, StackWork } from "../contract.ts";
import { clusterStatus, urlOf } from "./look.ts";
import { observedPlan } from "./observed-plan.ts";
import { reportOf } from "./report.ts";

/** A cluster that serves does so within seconds. */
const patience = 60_000;
const pause = 500;

/** An `up` on servers: what they lack is brought to them. */
export async function beginUp({ stack, progress }: StackWork): Promise<PlatformUp> {
  return {
    plan: planOf(stack),
    ready: () => readyPulumi(progress),
    beforeEngine: async () => {},
    settle: async () => {
      const plan = await observedPlan(stack);
      await waitUntilServing(stack, plan, progress);
      return reportOf(stack, plan);
    },
    next: ["status", "logs", "down"],
  };
}

async function waitUntilServing(
  stack: string,
  plan: Awaited<ReturnType<typeof observedPlan>>,
  progress: Progress,
): Promise<void> {
  const url = urlOf(plan);
  await progress.task("waiting until the cluster answers", async (update) => {
    for (const deadline = Date.now() + patience; ; await sleep(pause)) {
      const { status, silent } = await clusterStatus(stack, plan);
      const answers = await answersAt(url);
      if (status.state === "ok" && answers) return;
      update(answers ? "" : "no answer yet", status.findings[0] ?? "");
      if (Date.now() < deadline) continue;
      if (answers && status.state === "degraded") return;
      const why = [...status.findings, ...silent].join("; ") || `no way from here to ${url}`;
      throw new UserError(
        `the cluster does not answer at ${url} after ${patience / 1000} s: ${why}`,
        exitCodes.degraded,
      );
    }
  });
}
