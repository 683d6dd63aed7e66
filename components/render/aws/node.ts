import { isSecret } from "../../model/secret.ts";
import type { NodeService } from "../../plan/group-types.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import { environmentFile } from "../machine/environment-file.ts";
import {
  environmentUnit,
  nodeEnvironment,
  nodeUnit,
  renderNodeUnits,
  runnerOf,
} from "../machine/node-units.ts";
import { logFile } from "../machine/unit.ts";
import { runFolder } from "../paths.ts";
import { type MachineFiles, machineFiles, secretLine } from "./machine.ts";

/** All that makes a machine of a group a node. The same for the same plan; secrets are named only. */
export function renderNode(plan: ClusterPlan, group: GroupPlan, service: NodeService): MachineFiles {
  const plain: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(service.environment)) {
    if (isSecret(value)) secrets.push(secretLine(plan, name, value.secret));
    else plain[name] = value;
  }
  return machineFiles(plan, group, {
    packages: [runnerOf(service).package],
    masked: [],
    units: [nodeUnit],
    files: { [nodeEnvironment]: environmentFile(plain), ...renderNodeUnits(service) },
    // Root's alone: the values of secrets are in it.
    folders: [`d ${runFolder} 0700 root root`],
    logs: { appended: [environmentUnit, nodeUnit].map(logFile), reopened: null },
    service: nodeUnit,
    health: `http://127.0.0.1:${service.port}${service.health.path}`,
    // What is under way when the last balancer has heard of it has its time as well, before the service is told to stop.
    leave: group.refresh.leave + group.refresh.drain,
    secrets,
  });
}
