import { clusterNames, hooks, secretParameter } from "../../plan/platforms/aws/names.ts";
import { restartPause } from "../../plan/platforms/aws/timers.ts";
import type { AwsPlan, ClusterPlan, GroupPlan } from "../../plan/types.ts";
import { environmentFile } from "../machine/environment-file.ts";
import { type Logs, logRotation, logsTimer } from "../machine/logs.ts";
import { afterNetwork, logFile, logFolder, restarted, serviceUnit } from "../machine/unit.ts";
import { agentFiles, agentsUnit } from "./agents.ts";

/** What a bundle's installation takes, beside the programs that are the same for every machine. */
export interface MachineFiles {
  /** Debian packages. */
  readonly packages: readonly string[];
  /** Units of Debian's packages that must never start; known before the packages come. */
  readonly masked: readonly string[];
  /** Units to enable and start, in this order: the one that says that the machine is ready comes last. */
  readonly units: readonly string[];
  /** Text by path below the root; root's own, mode 0644. */
  readonly files: Readonly<Record<string, string>>;
}

/** What makes a machine of one kind, beside what all machines have. */
export interface MachineKind {
  readonly packages: readonly string[];
  readonly masked: readonly string[];
  /** As of `MachineFiles`: all that has to run before the machine can be ready. */
  readonly units: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Lines of tmpfiles.d: folders with their modes and owners. */
  readonly folders: readonly string[];
  readonly logs: Logs;
  /** Unit that serves; it is stopped before the machine goes. */
  readonly service: string;
  /** URL that answers 2xx when the machine can serve. */
  readonly health: string;
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

/** All that makes a machine. The same for the same plan; secrets are named only. */
export function machineFiles(plan: ClusterPlan, group: GroupPlan, kind: MachineKind): MachineFiles {
  const aws = awsPartOf(plan);
  const logs: Logs = {
    appended: [lifecycleUnit, agentsUnit].map(logFile).concat(kind.logs.appended).sort(),
    reopened: kind.logs.reopened,
  };
  return {
    packages: [...new Set(["awscli", "curl", "logrotate", ...kind.packages])].sort(),
    masked: kind.masked,
    units: [...kind.units, logsTimer, agentsUnit, lifecycleUnit],
    files: {
      ...kind.files,
      [machineEnvironment]: environmentFile(machineValues(aws, group, kind)),
      [secretList]: [...kind.secrets]
        .sort()
        .map((line) => `${line}\n`)
        .join(""),
      "/etc/tmpfiles.d/hotspare.conf": [
        // The group is nginx's, on balancers; on nodes nobody is in it.
        `d ${logFolder} 0750 root www-data`,
        ...kind.folders,
      ]
        .map((line) => `${line}\n`)
        .join(""),
      ...agentFiles(aws.region, group, `${clusterNames(plan).logs}${group.key}`, logs),
      ...logRotation(logs),
      ...Object.fromEntries([lifecycle()]),
    },
  };
}

/** A line of `secretList`. */
export function secretLine(plan: ClusterPlan, name: string, secret: string): string {
  return `${name} ${secretParameter(plan, secret)}`;
}

/** @throws Error for a plan of another platform */
function awsPartOf({ aws, cluster, platform }: ClusterPlan): AwsPlan {
  if (aws === null) throw new Error(`${cluster}: the plan is for ${platform} and not for AWS`);
  return aws;
}

function machineValues({ region }: AwsPlan, group: GroupPlan, { health, service, leave }: MachineKind) {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    HOTSPARE_GROUP: group.name,
    HOTSPARE_READY_HOOK: hooks.ready,
    HOTSPARE_DRAIN_HOOK: hooks.drain,
    HOTSPARE_HEALTH: health,
    HOTSPARE_SERVICE: service,
    HOTSPARE_LEAVE_SECONDS: String(Math.ceil(leave / 1000)),
  };
}

/**
 * Path and text of the unit of what has to be made with every boot before a service can start, and can't be until AWS answers. It
 * is tried until it works: nobody is there to begin anew.
 */
export function preparation(
  name: string,
  description: string,
  command: string,
): [path: string, text: string] {
  return serviceUnit(
    name,
    description,
    afterNetwork,
    [
      "Type=oneshot",
      "RemainAfterExit=yes",
      `EnvironmentFile=${machineEnvironment}`,
      `ExecStart=${command}`,
      "Restart=on-failure",
      `RestartSec=${restartPause / 1000}`,
    ],
    false,
  );
}

/** Lines of a unit that needs a preparation. Not `Requires`: where that fails, systemd never starts the unit again. */
export const prepared = (unit: string): string[] => [`Wants=${unit}`, `After=${unit}`];

function lifecycle(): [path: string, text: string] {
  return serviceUnit(
    lifecycleUnit,
    "Tells the Auto Scaling group when this machine is ready, and when it may go",
    afterNetwork,
    [`EnvironmentFile=${machineEnvironment}`, "ExecStart=/usr/bin/hotspare-lifecycle", ...restarted],
  );
}
