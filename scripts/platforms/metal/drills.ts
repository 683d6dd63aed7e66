import type { Drill } from "../../drill/drill.ts";
import { runSession } from "../../drill/session.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { NothingRuns } from "../../nothing-runs.ts";
import { answersAt } from "../../status/answers.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { PlatformDrills, StackWork } from "../contract.ts";
import { serverDrills } from "./drill/platform.ts";
import { faults } from "./faults.ts";
import { clusterStatus, urlOf } from "./look.ts";
import { observedPlan } from "./observed-plan.ts";

/** Makes sure that the cluster is whole, and that the load would reach it. */
export async function prepareDrills(
  { stack, progress }: StackWork,
  _: readonly Drill[],
): Promise<PlatformDrills> {
  await readyPulumi(progress);
  const plan = await observedPlan(stack);
  const { status, silent } = await clusterStatus(stack, plan);
  if (status.state === "absent") throw new NothingRuns(stack);
  if (status.state !== "ok")
    throw new UserError(
      `a drill starts from a whole cluster: ${[...status.findings, ...silent].join("; ")}; \`./hotspare up ${stack}\` repairs it`,
      exitCodes.degraded,
    );
  if (!(await answersAt(urlOf(plan))))
    throw new UserError(
      `${urlOf(plan)} doesn't answer from here, and the load of drills comes from this machine; run them where the servers' network reaches`,
      exitCodes.degraded,
    );
  const platform = serverDrills(stack, plan);
  return { run: (args) => runSession({ ...args, platform, faults, stack, plan, progress }) };
}
