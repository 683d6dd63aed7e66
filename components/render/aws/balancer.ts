import type { BalancerService } from "../../plan/groups/types.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import type { MachinePart } from "../machine/files.ts";
import {
  afterNetwork,
  confined,
  logFile,
  modest,
  preparation,
  restarted,
  serviceUnit,
} from "../machine/unit.ts";
import { brotliModule, usesBrotli } from "../nginx/answers.ts";
import { renderNginx } from "../nginx/index.ts";
import { accessLog, nginxPart, nginxUnit } from "../nginx/machine.ts";
import { authorityFiles } from "../nginx/nodes.ts";
import { nginxPlan } from "../nginx/plan.ts";
import {
  balancerLibrary,
  currentFolder,
  followerConfig,
  followerProgram,
  runFolder,
  stateFolder,
} from "../paths.ts";
import { linesFile } from "../text.ts";
import { firewallPart } from "./firewall.ts";
import { renderFollower } from "./follower.ts";
import { type AwsMachineFiles, awsMachine, machineEnvironment, secretLine, secretList } from "./machine.ts";

const followerUnit = "hotspare-follower.service";
const certificateUnit = "hotspare-certificate.service";
/** In memory: the key of a given certificate is in it. */
const certificateFolder = `${runFolder}/tls`;

/** All that makes a machine of a group a balancer. The same for the same plan; secrets are named only. */
export function renderBalancer(
  plan: ClusterPlan,
  group: GroupPlan,
  service: BalancerService,
): AwsMachineFiles {
  const certificate = certificateOf(plan);
  // Half of the memory: the rest is the system's, and what doesn't grow with connections.
  const machine = { key: group.key, cpus: group.machine.vcpus, memory: group.machine.memory / 2 };
  const own = nginxPlan(plan);
  const configuration = renderNginx(own, machine, { health: service.health, accessLog });
  const modules = usesBrotli(own) ? [brotliModule] : [];
  const nginx = nginxPart(configuration, [followerUnit, ...certificate.needed], group.refresh.drain, modules);
  const firewall = firewallPart(own);
  return awsMachine(plan, group, {
    part: {
      packages: [...nginx.packages, "nodejs", ...certificate.packages, ...firewall.packages],
      masked: nginx.masked,
      units: [...firewall.units, followerUnit, ...nginx.units],
      files: {
        ...nginx.files,
        ...firewall.files,
        ...Object.fromEntries(
          authorityFiles(own).map(({ path, content }) => [`${currentFolder}/${path}`, content]),
        ),
        [followerConfig]: renderFollower(plan),
        ...certificate.files,
        ...Object.fromEntries([follower(), ...certificate.units]),
      },
      folders: [...nginx.folders, ...certificate.folders],
      logs: {
        appended: [
          ...firewall.logs.appended,
          ...nginx.logs.appended,
          ...[followerUnit, ...certificate.needed].map(logFile),
        ],
        reopened: nginx.logs.reopened,
      },
    },
    service: nginxUnit,
    health: `http://127.0.0.1:${service.health.port}${service.health.path}`,
    leave: group.refresh.leave,
    secrets: certificate.secrets,
  });
}

/** What the certificate that nginx shows takes. */
interface Certificate extends Pick<MachinePart, "packages" | "files" | "folders"> {
  /** Lines of the list of secrets. */
  readonly secrets: readonly string[];
  readonly units: readonly [path: string, text: string][];
  /** Units that nginx waits for. */
  readonly needed: readonly string[];
}

function certificateOf(plan: ClusterPlan): Certificate {
  const none = { packages: [], files: {}, folders: [], secrets: [], units: [], needed: [] };
  const { tls } = plan.tier;
  if (tls?.end.at !== "balancer") return none;
  const names = tls.end.files.flatMap((file) => ("names" in file ? [file] : []));
  const secrets = tls.end.files.flatMap((file) => ("secret" in file ? [file] : []));
  const made = tls.end.selfSigned
    ? {
        packages: ["openssl"],
        units: [
          certificateMaker(
            `/bin/bash -c ". ${balancerLibrary} && ensure_self_signed ${currentFolder}"`,
            `${currentFolder}/tls`,
          ),
        ],
      }
    : {
        folders: [
          `d ${certificateFolder} 0700 root root`,
          // File by file: authorities of nodes are in that folder too, and no secret.
          ...secrets.map(
            ({ path }) => `L+ ${currentFolder}/${path} - - - - ${certificateFolder}/${basename(path)}`,
          ),
        ],
        units: [
          certificateMaker(
            `/usr/bin/hotspare-secret-files ${secretList} ${certificateFolder}`,
            certificateFolder,
          ),
        ],
      };
  return {
    ...none,
    ...made,
    files: Object.fromEntries(names.map((file) => [`${currentFolder}/${file.path}`, linesFile(file.names)])),
    secrets: secrets.map(({ path, secret }) => secretLine(plan, basename(path), secret.secret)),
    needed: [certificateUnit],
  };
}

/** Secrets are put into the certificate's own folder, in memory. */
const basename = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** With every boot: a given key is in memory only, one of the machine's own runs out. */
function certificateMaker(command: string, folder: string): [path: string, text: string] {
  return preparation(certificateUnit, "The certificate that nginx shows", machineEnvironment, command, [
    folder,
  ]);
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
    ...confined,
    ...modest,
    "CapabilityBoundingSet=",
  ]);
}
