import { isSecret } from "../../model/secret.ts";
import type { NodeService } from "../../plan/groups/types.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import type { MachinePart } from "../machine/files.ts";
import { nodePart, nodeUnit } from "../machine/node-service.ts";
import { logFile, preparation } from "../machine/unit.ts";
import { runFolder } from "../paths.ts";
import { credentialsPart } from "./credentials.ts";
import { type AwsMachineFiles, awsMachine, machineEnvironment, secretLine, secretList } from "./machine.ts";
import { ownCheck } from "./own-check.ts";
import { signIn } from "./registry.ts";

const environmentUnit = "hotspare-environment.service";
/** In memory: it has the secrets' values. */
const secretEnvironment = `${runFolder}/node.env`;

/** All that makes a machine of a group a node. The same for the same plan; secrets are named only. */
export function renderNode(plan: ClusterPlan, group: GroupPlan, service: NodeService): AwsMachineFiles {
  const plain: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(service.environment)) {
    if (isSecret(value)) secrets.push(secretLine(plan, name, value.secret));
    else plain[name] = value;
  }
  const check = ownCheck(service);
  const credentials = credentialsPart(plan, group);
  const part = withSecrets(
    nodePart(service, plain, {
      needed: [environmentUnit],
      environment: [secretEnvironment],
      before: signIn(plan, service),
      bounds: { memory: mostMemory(group.machine.memory), cpus: null },
    }),
  );
  return awsMachine(plan, group, {
    part: {
      ...part,
      files: { ...part.files, ...check.files, ...credentials.files },
      // Before the service, which may ask at once.
      units: [...credentials.units, ...part.units],
      logs: { ...part.logs, appended: [...part.logs.appended, ...credentials.logs] },
    },
    service: nodeUnit,
    health: check.url,
    question: check.values,
    // What is under way when the last balancer has heard of it has its time as well, before the service is told to stop.
    leave: group.refresh.leave + group.refresh.drain,
    secrets,
  });
}

/**
 * What the service may have of the machine's memory, in bytes. The rest is for the system, the engine and AWS's agents, who
 * would otherwise be ended when the service takes too much; Debian with both takes about 250 MB.
 */
const mostMemory = (machine: number) => machine - Math.max(256 * 1024 ** 2, Math.floor(machine / 8));

/**
 * Its secrets and its name come from AWS, by a service of its own, since the node's must not reach the metadata. Once a boot: one
 * that is started again must not hang on whether AWS answers just then.
 */
function withSecrets(part: MachinePart): MachinePart {
  const unit = preparation(
    environmentUnit,
    "Name and secrets of the node's service",
    machineEnvironment,
    `/usr/bin/hotspare-environment ${secretList} ${secretEnvironment}`,
    [runFolder],
  );
  return {
    ...part,
    files: { ...part.files, ...Object.fromEntries([unit]) },
    logs: { ...part.logs, appended: [...part.logs.appended, logFile(environmentUnit)] },
  };
}
