import { isSecret } from "../../model/secret.ts";
import { controlPort } from "../../render/paths.ts";
import type { PlanDocument } from "../document.ts";
import { broughtAbout, type Finding, type RiskRule } from "./rule.ts";

/* What a change opens to others, and what it leaves unprotected. */

const controlPortOpen: RiskRule = {
  code: "risk.control-port-open",
  severity: "danger",
  when: "a balancer's control port listens on more than the loopback address",
  hint: "let it listen on 127.0.0.1 and the unix socket only",
  find: ({ before, after }) => {
    const known = new Set(openControls(before).map(({ path }) => path));
    return openControls(after).filter(({ path }) => !known.has(path));
  },
};

const controlListener = new RegExp(`^\\s*listen\\s+((?:\\S+:)?${controlPort})(?=[\\s;])`, "gm");

function openControls(document: PlanDocument | null): Finding[] {
  return (document?.machines ?? []).flatMap(({ machine, files }) =>
    files.flatMap(({ path, content }) => {
      if (isSecret(content) || !path.endsWith(".conf")) return [];
      return [...content.matchAll(controlListener)]
        .map(([, address = ""]) => address)
        .filter((address) => !/^(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost):/.test(address))
        .map((address) => ({
          path: `${machine}/${path}`,
          message: `listens on ${address}: whoever reaches the balancer may read its state, and more where writing is allowed`,
        }));
    }),
  );
}

const productionUnprotected: RiskRule = {
  code: "risk.production-unprotected",
  severity: "danger",
  when: "a production cluster can be removed without a question",
  hint: "set `protect` to true",
  find: broughtAbout(({ environment, protect }) =>
    environment === "production" && !protect
      ? [{ path: "protect", message: "a production cluster that one command removes, without a question" }]
      : [],
  ),
};

const protectionRemoved: RiskRule = {
  code: "risk.protection-removed",
  severity: "danger",
  when: "a cluster was protected and isn't any more",
  hint: "keep `protect`; take it off in the change that removes the cluster, if at all",
  find: ({ before, after }) =>
    before?.plan.protect === true && after?.plan.protect === false
      ? [
          {
            path: "protect",
            message: "true → false: the next `./hotspare down` removes the cluster without a question",
          },
        ]
      : [],
};

const protectedClusterRemoved: RiskRule = {
  code: "risk.protected-cluster-removed",
  severity: "danger",
  when: "the stack of a protected cluster is removed",
  hint: "take `protect` off in a change of its own first, so that somebody has said yes to just that",
  find: ({ before, after, change }) =>
    before?.plan.protect === true && after === null && change?.kind === "removed"
      ? [{ path: "", message: `the protected cluster "${before.plan.cluster}" goes, with all its machines` }]
      : [],
};

const capabilityAdded: RiskRule = {
  code: "risk.capability-added",
  severity: "warning",
  when: "nodes get a Linux capability that they had not",
  hint: "leave it out where the application can do without, or run that part of it in a pool of its own",
  find: broughtAbout(({ nodes }) => {
    const byPool = new Map(nodes.map((node) => [node.pool, node.capabilities ?? []]));
    return [...byPool].flatMap(([pool, capabilities]) =>
      capabilities.map((name) => ({
        path: `pools.${pool}.capabilities.${name}`,
        message: `whoever takes over a node of the pool ${hostRights.has(name) ? `has CAP_${name} as well, which is close to root on the host` : `has CAP_${name} as well`}`,
      })),
    );
  }),
};

/** Capabilities by which a container's root can reach the host's files, memory, devices or kernel (capabilities(7)). */
const hostRights: ReadonlySet<string> = new Set([
  "BPF",
  "DAC_READ_SEARCH",
  "MAC_ADMIN",
  "MAC_OVERRIDE",
  "MKNOD",
  "NET_ADMIN",
  "PERFMON",
  "SYSLOG",
  "SYS_ADMIN",
  "SYS_BOOT",
  "SYS_MODULE",
  "SYS_PTRACE",
  "SYS_RAWIO",
  "SYS_TIME",
]);

const accessoryStopped: RiskRule = {
  code: "risk.accessory-stopped",
  severity: "warning",
  when: "an accessory is replaced or removed, and nothing stands in for it",
  hint: "back it up first (`./hotspare accessory backup`), and do it while few ask it",
  find: ({ change }) =>
    (change?.machines ?? [])
      .filter(({ role, action }) => role === "accessory" && (action === "replaced" || action === "removed"))
      .map(({ key, action }) => ({
        path: `accessories.${key}`,
        message:
          action === "removed"
            ? "is removed: whoever asks it fails from then on"
            : "is stopped and made again: whoever asks it fails meanwhile",
      })),
};

export const exposureRules: readonly RiskRule[] = [
  accessoryStopped,
  capabilityAdded,
  controlPortOpen,
  productionUnprotected,
  protectionRemoved,
  protectedClusterRemoved,
];
