import type { BalancerService } from "../../plan/group-types.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import { afterNetwork, logFile, logFolder, restarted, seconds, serviceUnit } from "../machine/unit.ts";
import { renderNginx } from "../nginx/index.ts";
import { selfSignedNames } from "../nginx/tls.ts";
import {
  controlSocket,
  currentFolder,
  followerConfig,
  membersFile,
  runFolder,
  stateFolder,
} from "../paths.ts";
import { renderFollower } from "./follower.ts";
import {
  type MachineFiles,
  type MachineKind,
  machineFiles,
  preparation,
  prepared,
  secretLine,
  secretList,
} from "./machine.ts";

/** The program that asks who is in the groups; made of `infra/runtime/follower`. */
export const followerProgram = "/usr/lib/hotspare/follower.mjs";
/** What the balancers' scripts share; `infra/runtime/balancer/lib`. */
export const balancerLibrary = "/usr/lib/hotspare/common.sh";

const accessLog = `${logFolder}/access.log`;
const nginxUnit = "hotspare-nginx.service";
const followerUnit = "hotspare-follower.service";
const certificateUnit = "hotspare-certificate.service";
/** In memory: the key of a given certificate is in it. */
const certificateFolder = `${runFolder}/tls`;

/** All that makes a machine of a group a balancer. The same for the same plan; secrets are named only. */
export function renderBalancer(plan: ClusterPlan, group: GroupPlan, service: BalancerService): MachineFiles {
  const certificate = certificateOf(plan);
  // Half of the memory: the rest is the system's, and what doesn't grow with connections.
  const machine = { key: group.key, cpus: group.machine.vcpus, memory: group.machine.memory / 2 };
  return machineFiles(plan, group, {
    packages: ["libnginx-mod-http-lua", "lua-cjson", "nginx", "nodejs", ...certificate.packages],
    // It would have the ports before ours comes.
    masked: ["nginx.service"],
    units: [followerUnit, nginxUnit],
    files: {
      [`${currentFolder}/nginx.conf`]: renderNginx(plan, machine, { health: service.health, accessLog }),
      [followerConfig]: renderFollower(plan),
      ...certificate.files,
      ...Object.fromEntries([
        follower(),
        nginx(certificate.needed, group.refresh.drain),
        ...certificate.units,
      ]),
    },
    folders: [
      // As in the balancers' image: nginx makes its control socket open to all, so its folder is closed to others.
      `d ${runFolder} 0750 root www-data`,
      `d ${stateFolder}/state 0770 root www-data`,
      ...certificate.folders,
    ],
    logs: {
      appended: [followerUnit, nginxUnit, ...certificate.needed].map(logFile),
      reopened: { file: accessLog, unit: nginxUnit },
    },
    service: nginxUnit,
    health: `http://127.0.0.1:${service.health.port}${service.health.path}`,
    leave: group.refresh.leave,
    secrets: certificate.secrets,
  });
}

/** What the certificate that nginx shows takes. */
interface Certificate extends Pick<MachineKind, "packages" | "files" | "folders" | "secrets"> {
  readonly units: readonly [path: string, text: string][];
  /** Units that nginx waits for. */
  readonly needed: readonly string[];
}

function certificateOf(plan: ClusterPlan): Certificate {
  const none = { packages: [], files: {}, folders: [], secrets: [], units: [], needed: [] };
  const certificate = plan.tier.tls?.certificate;
  switch (certificate?.kind) {
    case undefined:
    case "acm":
      return none;
    case "given":
      return {
        ...none,
        folders: [
          `d ${certificateFolder} 0700 root root`,
          `L+ ${currentFolder}/tls - - - - ${certificateFolder}`,
        ],
        secrets: [
          secretLine(plan, "server.crt", certificate.certificate.secret),
          secretLine(plan, "server.key", certificate.key.secret),
        ],
        units: [certificateMaker(`/usr/bin/hotspare-secret-files ${secretList} ${certificateFolder}`)],
        needed: [certificateUnit],
      };
    case "self-signed":
      return {
        ...none,
        packages: ["openssl"],
        files: { [`${currentFolder}/tls/self-signed.names`]: selfSignedNames(plan, certificate.names) },
        units: [
          certificateMaker(`/bin/bash -c ". ${balancerLibrary} && ensure_self_signed ${currentFolder}"`),
        ],
        needed: [certificateUnit],
      };
    default:
      return certificate satisfies never;
  }
}

/** With every boot: a given key is in memory only, one of the machine's own runs out. */
function certificateMaker(command: string): [path: string, text: string] {
  return preparation(certificateUnit, "The certificate that nginx shows", command);
}

function follower(): [path: string, text: string] {
  return serviceUnit(followerUnit, "Tells nginx who is in the groups of nodes", afterNetwork, [
    `ExecStart=/usr/bin/node ${followerProgram} ${followerConfig}`,
    ...restarted,
    // An account for this run alone, which may change the document of members and use nginx's control socket.
    "DynamicUser=yes",
    "SupplementaryGroups=www-data",
    // Such an account has none, and AWS's client asks for one.
    "Environment=HOME=/nonexistent",
    `ReadWritePaths=${stateFolder}/state`,
    "UMask=0022",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateDevices=yes",
    "CapabilityBoundingSet=",
  ]);
}

function nginx(needed: readonly string[], drain: number): [path: string, text: string] {
  return serviceUnit(
    nginxUnit,
    "nginx in front of the nodes",
    [`Wants=${followerUnit}`, `After=${followerUnit}`, ...needed.flatMap(prepared)],
    [
      // A new machine's first document comes from the follower; later there always is one.
      `ExecStartPre=/bin/sh -c "until [ -s ${membersFile} ]; do sleep 0.2; done"`,
      // A killed one leaves its socket behind, and the next can't listen on it.
      `ExecStartPre=/bin/rm -f ${controlSocket}`,
      `ExecStart=/usr/sbin/nginx -c ${currentFolder}/nginx.conf -g "daemon off;"`,
      "TimeoutStartSec=300",
      ...restarted,
      // Requests under way are finished; the workers get no signal of their own.
      "KillSignal=SIGQUIT",
      "KillMode=mixed",
      // systemd reads 0 as "for ever".
      `TimeoutStopSec=${Math.max(1, seconds(drain))}`,
      "LimitNOFILE=65536",
      "NoNewPrivileges=yes",
      "ProtectHome=yes",
      // To listen, to become the workers' account, and to open logs that are theirs.
      "CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID CAP_CHOWN CAP_DAC_OVERRIDE CAP_KILL",
    ],
  );
}
