import type { ClusterPlan } from "../../../components/plan/types.ts";
import { machinesReport } from "../../status/report.ts";
import { Progress } from "../../toolchain/progress.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { StatusReport } from "../contract.ts";
import { clusterStatus, urlOf } from "./look.ts";
import { observedPlan } from "./observed-plan.ts";

/** What runs on a stack's servers. */
export async function report(stack: string): Promise<StatusReport> {
  await readyPulumi(new Progress());
  return reportOf(stack, await observedPlan(stack));
}

export async function reportOf(stack: string, plan: ClusterPlan): Promise<StatusReport> {
  const { status, silent } = await clusterStatus(stack, plan);
  const findings = [...status.findings, ...silent];
  return {
    ...machinesReport({ ...status, findings }, plan),
    urls: `  ${urlOf(plan)}  the virtual address, wherever the servers' network reaches`,
  };
}
