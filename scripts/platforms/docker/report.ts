import type Docker from "dockerode";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { machinesReport } from "../../status/report.ts";
import type { StatusReport } from "../contract.ts";
import { observedPlan, runningDocker } from "./connect.ts";
import { clusterStatus } from "./look.ts";

/** What runs of a stack. */
export async function report(stack: string): Promise<StatusReport> {
  const docker = await runningDocker();
  return reportOf(docker, stack, await observedPlan(docker, stack));
}

/** The same, beside a plan that is known already. */
export async function reportOf(docker: Docker, stack: string, plan: ClusterPlan): Promise<StatusReport> {
  return machinesReport(await clusterStatus(docker, stack, plan), plan);
}
