import type { StatusReport } from "../contract.ts";
import type { GroupsStatus } from "./cluster-status.ts";
import { observe, subjectOf } from "./observe.ts";
import { groupsTable, groupsTopology, groupsUrls } from "./picture.ts";

/** What runs of a stack: asks AWS, and nothing else. */
export async function report(stack: string): Promise<StatusReport> {
  return reportOf(await observe(subjectOf(stack)));
}

/** The same of what was observed already. An alarm that has risen falls by itself, minutes after its cause has gone. */
export function reportOf(status: GroupsStatus): StatusReport {
  return {
    document: status,
    state: status.state,
    findings: status.findings,
    passing: status.alarms.map(({ key, description }) => `alarm ${key}: ${description}`),
    underWay: status.underWay,
    picture: `${groupsTable(status)}\n\n${groupsTopology(status)}`,
    urls: groupsUrls(status),
  };
}
