import type Docker from "dockerode";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { imageRef, runtimeImages } from "../../../infra/images.ts";
import type { Drill } from "../../drill/drill.ts";
import { runSession } from "../../drill/session.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { NothingRuns } from "../../nothing-runs.ts";
import { specOf } from "../../stacks.ts";
import { allParts } from "../../toolchain/parts.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { PlatformDrills, StackWork } from "../contract.ts";
import { observedPlan, readyDocker } from "./connect.ts";
import { dockerDrills } from "./drill/platform.ts";
import { faults } from "./faults.ts";
import { clusterStatus } from "./look.ts";

/** Gets ready what drills need, and makes sure that the cluster is whole. */
export async function prepareDrills(
  { stack, progress }: StackWork,
  drills: readonly Drill[],
): Promise<PlatformDrills> {
  specOf(stack);
  const image = imageRef("node");
  const docker = await readyDocker(
    progress,
    runtimeImages().filter(({ ref }) => ref === image),
  );
  if (drills.some(({ fault }) => fault.kind === "scale")) await readyPulumi(progress, allParts);
  const plan = await observedPlan(docker, stack);
  await mustBeWhole(docker, stack, plan);
  const platform = await dockerDrills(docker, stack, plan);
  return { run: (args) => runSession({ ...args, platform, faults, stack, plan, progress }) };
}

async function mustBeWhole(docker: Docker, stack: string, plan: ClusterPlan): Promise<void> {
  const status = await clusterStatus(docker, stack, plan);
  if (status.state === "absent") throw new NothingRuns(stack);
  if (status.state !== "ok")
    throw new UserError(
      `a drill starts from a whole cluster: ${status.findings.join("; ")}; \`./hotspare up ${stack}\` repairs it`,
      exitCodes.degraded,
    );
}
