import { controlPort } from "../../render/paths.ts";
import type { EngineReview, EngineStep } from "../engine/types.ts";
import { platformReviews } from "../platforms/select.ts";
import type { Finding, RiskRule } from "./rule.ts";

/* What the engine itself would do, seen by a preview only. */

const protectedResource: RiskRule = {
  code: "risk.protected-resource",
  severity: "danger",
  when: "the engine would have to delete or replace a resource that is protected",
  hint: "take its protection off in a change of its own first, or leave it as it is",
  find: ending(
    ({ protected: isProtected }) => isProtected,
    (step) => `${named(step)} is protected and would be ${done(step)}`,
  ),
};

const dataLost: RiskRule = {
  code: "risk.data-lost",
  severity: "danger",
  when: "a resource that holds data is deleted or replaced, and does not outlive it",
  hint: "make a copy and try it, or let the resource outlive its end in the state (`retainOnDelete`)",
  find: ending(
    (step) => step.holdsData && !step.retained && !isMadeAgain(step),
    (step) => `${named(step)} holds data that can't be made again, and is ${done(step)}${why(step)}`,
  ),
};

const gapInService: RiskRule = {
  code: "risk.gap-in-service",
  severity: "warning",
  when: "something that serves is deleted before its replacement is made",
  hint: "make it in a quiet hour; other machines of its kind serve meanwhile, if there are any",
  find: ending(
    (step) => step.kind === "replace" && step.order === "delete-first" && serves(step),
    (step) =>
      `${named(step)} is deleted first and made again afterwards: it doesn't serve meanwhile${why(step)}`,
  ),
};

function ending(
  meets: (step: EngineStep) => boolean,
  message: (step: EngineStep) => string,
): RiskRule["find"] {
  return ({ engine }) =>
    ends(engine)
      .filter(meets)
      .map((step): Finding => ({ path: step.urn, message: message(step) }));
}

function ends(engine: EngineReview | null): readonly EngineStep[] {
  return engine?.steps.filter(({ kind }) => kind === "delete" || kind === "replace") ?? [];
}

function named({ name, type }: EngineStep): string {
  return `${type.split(":").at(-1)} ${name}`;
}

function done({ kind }: EngineStep): string {
  return kind === "delete" ? "deleted" : "replaced";
}

function why({ causes: [first] }: EngineStep): string {
  return first === undefined ? "" : ` (${first.text})`;
}

/** The kit's own, by type and name: volumes, buckets of bundles, values of secrets; all is delivered again from what `up` has. */
function isMadeAgain({ type, name }: EngineStep): boolean {
  return platformReviews.some(({ ownHolders }) => ownHolders[type]?.test(name) ?? false);
}

/** Types whose resources requests go through, of the platforms that the kit has. */
const servingTypes = new Set(platformReviews.flatMap((platform) => platform.servingTypes));

/** Wardens and their filter watch, and a group of nodes has a listener for its checks; requests don't go through them. */
function serves({ type, name }: EngineStep): boolean {
  return servingTypes.has(type) && !/(?:^|-)(?:warden-\d+|filter|group-listener)$/.test(name);
}

/** Ports by which machines are run and watched, and of stores that trust who reaches them. */
const adminPorts: Readonly<Record<number, string>> = {
  22: "SSH",
  23: "Telnet",
  623: "IPMI",
  2375: "Docker",
  2376: "Docker",
  2379: "etcd",
  3306: "MySQL",
  3389: "RDP",
  5432: "PostgreSQL",
  5900: "VNC",
  5985: "WinRM",
  5986: "WinRM",
  6379: "Redis",
  9090: "Prometheus",
  9100: "the machine's figures",
  9113: "nginx' figures",
  9200: "Elasticsearch",
  10250: "kubelet",
  11211: "memcached",
  27017: "MongoDB",
  [controlPort]: "the balancer's control port",
};

const adminPortOpen: RiskRule = {
  code: "risk.admin-port-open",
  severity: "danger",
  when: "a port for administration, figures or a database is opened to everybody",
  hint: "name the networks that need it, or reach it by a tunnel",
  find: ({ engine }) =>
    (engine?.steps ?? []).flatMap((step) => {
      const open = Object.entries(adminPorts)
        .filter(([port]) => step.opens.some(({ from, to }) => from <= Number(port) && Number(port) <= to))
        .map(([port, what]) => `${port} (${what})`);
      if (open.length === 0) return [];
      const ports =
        open.length > 3 ? `${open.slice(0, 3).join(", ")} and ${open.length - 3} more` : open.join(", ");
      return { path: step.urn, message: `${named(step)} lets everybody reach ${ports}` };
    }),
};

export const engineRules: readonly RiskRule[] = [protectedResource, dataLost, gapInService, adminPortOpen];
