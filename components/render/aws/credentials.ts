import { containerRole } from "../../plan/platforms/aws/names.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import { environmentFile } from "../machine/environment-file.ts";
import { confined, logFile, modest } from "../machine/unit.ts";
import { runFolder } from "../paths.ts";
import { file } from "../text.ts";
import { machineEnvironment } from "./machine.ts";

/** Where containers ask for their credentials; on the machine's loopback, so that only the machine itself gets there. */
const address = "169.254.170.2";
const socketUnit = "hotspare-credentials.socket";
const serviceUnit = "hotspare-credentials@.service";
const credentialsEnvironment = "/etc/hotspare/credentials.env";
const log = logFile(serviceUnit.replace("@", ""));

/** What a machine has more whose containers get credentials. */
export interface CredentialsPart {
  readonly files: Readonly<Record<string, string>>;
  readonly units: readonly string[];
  readonly logs: readonly string[];
}

/**
 * Credentials of the pool's own role for its containers, where AWS's SDKs look for them. systemd listens, and a program answers each
 * question and ends: nothing runs while nobody asks.
 */
export function credentialsPart(plan: ClusterPlan, { pool, policies }: GroupPlan): CredentialsPart {
  if (policies === undefined || pool === null) return { files: {}, units: [], logs: [] };
  return {
    files: {
      [credentialsEnvironment]: environmentFile({ HOTSPARE_ROLE: containerRole(plan, pool) }),
      [`/etc/systemd/system/${socketUnit}`]: file([
        "[Unit]",
        "Description=Credentials of the node's containers",
        "",
        "[Socket]",
        // A container's packets come in by its bridge and find the address here.
        `ExecStartPre=/usr/sbin/ip address replace ${address}/32 dev lo`,
        `ListenStream=${address}:80`,
        "Accept=yes",
        "MaxConnections=64",
        "",
        "[Install]",
        "WantedBy=sockets.target",
      ]),
      [`/etc/systemd/system/${serviceUnit}`]: file([
        "[Unit]",
        "Description=Answers a container that asks for its credentials",
        "CollectMode=inactive-or-failed",
        "",
        "[Service]",
        ...[machineEnvironment, credentialsEnvironment].map((path) => `EnvironmentFile=${path}`),
        `ExecStart=/usr/bin/hotspare-credentials ${runFolder}/credentials`,
        "StandardInput=socket",
        "StandardOutput=socket",
        `StandardError=append:${log}`,
        // AWS may not answer, and whoever asked has gone by then.
        "RuntimeMaxSec=60",
        ...confined,
        ...modest,
        `ReadWritePaths=${runFolder}`,
        "CapabilityBoundingSet=",
      ]),
    },
    units: [socketUnit],
    logs: [log],
  };
}
