import type { ClusterPlan, WardenPlan } from "../../plan/types.ts";
import { type MachineFiles, machineFiles } from "../machine/files.ts";
import {
  afterNetwork,
  confined,
  logFile,
  needs,
  restarted,
  serviceUnit,
  withoutMetadata,
} from "../machine/unit.ts";
import {
  switchConfig,
  switchPassword,
  switchProgram,
  switchSocket,
  wardenConfig,
  wardenProgram,
} from "../paths.ts";
import { renderWarden } from "../warden/document.ts";
import { balancerUnit } from "./balancer.ts";

export const wardenUnit = "hotspare-warden.service";
const switchUnit = "hotspare-power.service";

/** Where its metrics and `/healthz` are, on the server's loopback address; balancers and sample nodes of the same server have those before. */
export const wardenPort = 9183;

/** A warden beside the balancer of its server: of the system it may read, and of the balancer's it has the socket for the overlay. */
export function renderWardenMachine(
  plan: ClusterPlan,
  warden: WardenPlan,
  controllers: readonly ("redfish" | "ipmi")[] = [],
): MachineFiles {
  const switches = controllers.length > 0;
  const unit = serviceUnit(
    wardenUnit,
    "Watches the balancer's nodes and promotes standbys",
    [...needs(balancerUnit), ...(switches ? needs(switchUnit) : [])],
    [
      `ExecStart=/usr/bin/node --max-old-space-size=48 ${wardenProgram}`,
      // An account for this run alone, in the group that may enter the folder of the balancer's socket.
      "DynamicUser=yes",
      "SupplementaryGroups=www-data",
      "StateDirectory=hotspare-warden",
      ...(switches
        ? [
            givesPassword,
            `Environment=HOTSPARE_SWITCH=${switchSocket}`,
            "RuntimeDirectory=hotspare-warden",
            "RuntimeDirectoryMode=0700",
          ]
        : []),
      ...restarted,
      ...confined,
      "CapabilityBoundingSet=",
      `CPUQuota=${Math.round(warden.cpus * 100)}%`,
      `MemoryMax=${warden.memory}`,
      "TasksMax=256",
      withoutMetadata,
      "TimeoutStopSec=5",
    ],
  );
  return machineFiles(
    {
      packages: ["nodejs", ...(controllers.includes("ipmi") ? ["ipmitool"] : [])],
      masked: [],
      units: [...(switches ? [switchUnit] : []), wardenUnit],
      files: {
        ...Object.fromEntries([unit, ...(switches ? [renderSwitch()] : [])]),
        [wardenConfig]: renderWarden(plan, warden),
      },
      folders: [],
      logs: { appended: [wardenUnit, ...(switches ? [switchUnit] : [])].map(logFile), reopened: null },
    },
    { packages: [], masked: [], units: [], files: {}, folders: [], logs: { appended: [], reopened: null } },
    "-warden",
  );
}

/** Copies a file of root's into a unit's folder, where only its account may read it. In a shell that systemd starts as root. */
const copied = (file: string, name: string) =>
  `install --mode=0400 --owner="$(stat -c %%u "$RUNTIME_DIRECTORY")" ${file} "$RUNTIME_DIRECTORY/${name}"`;

/** nginx's group may enter the folder of the switch's socket as well, so a password tells who is the warden. */
const givesPassword = `ExecStartPre=+/bin/sh -c '[ -s ${switchPassword} ] || (umask 077 && head -c 24 /dev/urandom | base64 > ${switchPassword}.part && mv ${switchPassword}.part ${switchPassword}); ${copied(switchPassword, "password")}'`;

/** An account for this run alone has the controllers' accounts, and the group of its folder may reach its socket. */
function renderSwitch(): [path: string, text: string] {
  return serviceUnit(
    switchUnit,
    "Switches cold standbys on and off by their management controllers",
    afterNetwork,
    [
      // Where root alone may read it, it gets a copy of its own; `LoadCredential` needs more of a kernel than containers have.
      `ExecStartPre=+/bin/sh -c '${copied(switchConfig, "power.json")}'`,
      givesPassword,
      `ExecStart=/usr/bin/node --max-old-space-size=48 ${switchProgram}`,
      "DynamicUser=yes",
      "Group=www-data",
      "RuntimeDirectory=hotspare-power",
      "RuntimeDirectoryMode=0750",
      ...restarted,
      ...confined,
      "CapabilityBoundingSet=",
      "MemoryMax=134217728",
      "TasksMax=256",
      "TimeoutStopSec=5",
    ],
  );
}
