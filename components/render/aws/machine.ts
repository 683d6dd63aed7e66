import { clusterNames, hooks, secretParameter } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { AwsPlan } from "../../plan/platforms/aws/types.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import { environmentFile } from "../machine/environment-file.ts";
import { logsOf, type MachineFiles, type MachinePart, machineFiles } from "../machine/files.ts";
import { afterNetwork, confined, logFile, modest, restarted, serviceUnit } from "../machine/unit.ts";
import { agentFiles, agentsUnit } from "./agents.ts";

/** What a machine of a group is, and what its group has to know of it. */
export interface Serving {
  readonly part: MachinePart;
  /** Unit that serves; it is stopped before the machine goes. */
  readonly service: string;
  /** URL that answers 2xx when the machine can serve. */
  readonly health: string;
  /** Variables that say how it is asked; none for plain HTTP. */
  readonly question?: Readonly<Record<string, string>>;
  /** How long it serves on when the machine is to go, in milliseconds. */
  readonly leave: number;
  /** Lines of `secretList`. */
  readonly secrets: readonly string[];
}

/** What the programs of every machine are told; see `infra/runtime/machine/bin`. */
export const machineEnvironment = "/etc/hotspare/machine.env";
/** Which secrets the machine reads when it boots; a line each: a name, a space, the parameter that holds the value. */
export const secretList = "/etc/hotspare/secrets";
/** Unit that tells the group how the machine is. */
const lifecycleUnit = "hotspare-lifecycle.service";

/** What a machine of a group is installed from. */
export interface AwsMachineFiles extends MachineFiles {
  /** Units that are started before the packages come: by them a person sees why an installation fails. Nothing waits for them. */
  readonly early: readonly string[];
}

/** All that makes a machine of a group. The same for the same plan; secrets are named only. */
export function awsMachine(plan: ClusterPlan, group: GroupPlan, serving: Serving): AwsMachineFiles {
  const aws = awsPlanOf(plan);
  const logs = { appended: [lifecycleUnit, agentsUnit].map(logFile), reopened: null };
  const logGroup = `${clusterNames(plan).logs}${group.key}`;
  const files = machineFiles(serving.part, {
    packages: ["awscli", "curl"],
    masked: [],
    units: [lifecycleUnit],
    files: {
      [machineEnvironment]: environmentFile(machineValues(aws, group, serving)),
      [secretList]: [...serving.secrets]
        .sort()
        .map((line) => `${line}\n`)
        .join(""),
      ...agentFiles(aws, group, logGroup, logsOf(serving.part, { logs })),
      ...Object.fromEntries([lifecycle()]),
    },
    folders: [],
    logs,
  });
  return { ...files, early: [agentsUnit] };
}

/** A line of `secretList`. */
export function secretLine(plan: ClusterPlan, name: string, secret: string): string {
  return `${name} ${secretParameter(plan, secret)}`;
}

function machineValues({ region }: AwsPlan, group: GroupPlan, { health, question, service, leave }: Serving) {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    HOTSPARE_GROUP: group.name,
    HOTSPARE_READY_HOOK: hooks.ready,
    HOTSPARE_DRAIN_HOOK: hooks.drain,
    HOTSPARE_HEALTH: health,
    ...question,
    HOTSPARE_SERVICE: service,
    HOTSPARE_LEAVE_SECONDS: String(Math.ceil(leave / 1000)),
  };
}

function lifecycle(): [path: string, text: string] {
  return serviceUnit(
    lifecycleUnit,
    "Tells the Auto Scaling group when this machine is ready, and when it may go",
    afterNetwork,
    [
      `EnvironmentFile=${machineEnvironment}`,
      "ExecStart=/usr/bin/hotspare-lifecycle",
      ...restarted,
      // It asks, and has systemd stop the service: it writes nothing.
      ...confined,
      ...modest,
      // Without it systemd takes no orders, of root neither (sd_bus_query_sender_privilege).
      "CapabilityBoundingSet=CAP_SYS_ADMIN",
    ],
  );
}
