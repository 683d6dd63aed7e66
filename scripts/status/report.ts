import type { ClusterPlan } from "../../components/plan/types.ts";
import type { StatusReport } from "../platforms/contract.ts";
import type { ClusterStatus } from "./cluster-status.ts";
import { actors, statusTable, topology, urls } from "./picture.ts";

/** The status of a cluster whose plan lists each machine, for the commands. */
export function machinesReport(status: ClusterStatus, plan: ClusterPlan): StatusReport {
  return {
    document: status,
    state: status.state,
    findings: status.findings,
    passing: [],
    underWay: actors(status),
    picture: `${statusTable(status)}\n\n${topology(status)}`,
    urls: urls(plan),
  };
}
