import { isSecret } from "../../model/secret.ts";
import { hooks, secretParameter } from "../../plan/aws/names.ts";
import type { NodeService } from "../../plan/group-types.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import { hearSeconds } from "./follower.ts";
import {
  environmentFile,
  lifecycleUnit,
  machineEnvironment,
  nodeEnvironment,
  nodeUnit,
  renderNodeUnits,
  runnerOf,
  secretList,
} from "./units.ts";

/** What a bundle's installation takes, beside the programs that are the same for every machine. */
export interface MachineFiles {
  /** Debian packages. */
  readonly packages: readonly string[];
  /** Units to enable and start, in this order: the one that says that the machine is ready comes last. */
  readonly units: readonly string[];
  /** Text by path below the root; root's own, mode 0644. */
  readonly files: Readonly<Record<string, string>>;
}

/** All that makes a machine of a group a node. The same for the same plan; secrets are named only. */
export function renderNode(plan: ClusterPlan, group: GroupPlan, service: NodeService): MachineFiles {
  const plain: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(service.environment)) {
    if (isSecret(value)) secrets.push(`${name} ${secretParameter(plan, value.secret)}`);
    else plain[name] = value;
  }
  const units = Object.entries(renderNodeUnits(service));
  return {
    packages: ["awscli", "curl", runnerOf(service).package],
    units: [nodeUnit, lifecycleUnit],
    files: {
      [machineEnvironment]: environmentFile(machineValues(plan, group, service)),
      [nodeEnvironment]: environmentFile(plain),
      [secretList]: secrets
        .sort()
        .map((line) => `${line}\n`)
        .join(""),
      ...Object.fromEntries(units.map(([name, text]) => [`/etc/systemd/system/${name}`, text])),
    },
  };
}

/** What the programs of every machine are told; see `infra/runtime/machine/bin/hotspare-lifecycle`. */
function machineValues(plan: ClusterPlan, group: GroupPlan, { port, health }: NodeService) {
  const region = plan.aws?.region;
  if (region === undefined)
    throw new Error(`${plan.cluster}: the plan is for ${plan.platform} and not for AWS`);
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    HOTSPARE_GROUP: group.name,
    HOTSPARE_READY_HOOK: hooks.ready,
    HOTSPARE_DRAIN_HOOK: hooks.drain,
    HOTSPARE_HEALTH: `http://127.0.0.1:${port}${health.path}`,
    HOTSPARE_SERVICE: nodeUnit,
    HOTSPARE_LEAVE_SECONDS: String(hearSeconds),
  };
}
