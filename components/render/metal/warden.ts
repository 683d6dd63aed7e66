import type { ClusterPlan, WardenPlan } from "../../plan/types.ts";
import { type MachineFiles, machineFiles } from "../machine/files.ts";
import { confined, logFile, needs, restarted, serviceUnit } from "../machine/unit.ts";
import { wardenConfig, wardenProgram } from "../paths.ts";
import { renderWarden } from "../warden/document.ts";
import { balancerUnit } from "./balancer.ts";

export const wardenUnit = "hotspare-warden.service";

/** Where its metrics and `/healthz` are, on the server's loopback address; balancers and sample nodes of the same server have those before. */
export const wardenPort = 9183;

/** A warden beside the balancer of its server: of the system it may read, and of the balancer's it has the socket for the overlay. */
export function renderWardenMachine(plan: ClusterPlan, warden: WardenPlan): MachineFiles {
  const unit = serviceUnit(
    wardenUnit,
    "Watches the balancer's nodes and promotes standbys",
    needs(balancerUnit),
    [
      `ExecStart=/usr/bin/node --max-old-space-size=48 ${wardenProgram}`,
      // An account for this run alone, in the group that may enter the folder of the balancer's socket.
      "DynamicUser=yes",
      "SupplementaryGroups=www-data",
      "StateDirectory=hotspare-warden",
      ...restarted,
      ...confined,
      "CapabilityBoundingSet=",
      `CPUQuota=${Math.round(warden.cpus * 100)}%`,
      `MemoryMax=${warden.memory}`,
      "TimeoutStopSec=5",
    ],
  );
  return machineFiles(
    {
      packages: ["nodejs"],
      masked: [],
      units: [wardenUnit],
      files: { ...Object.fromEntries([unit]), [wardenConfig]: renderWarden(plan, warden) },
      folders: [],
      logs: { appended: [logFile(wardenUnit)], reopened: null },
    },
    { packages: [], masked: [], units: [], files: {}, folders: [], logs: { appended: [], reopened: null } },
    "-warden",
  );
}
