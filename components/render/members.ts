import { fingerprint } from "../model/hash.ts";
import {
  type MembersDocument,
  type MembersPool,
  type MembersService,
  membersSchema,
} from "../model/members-document.ts";
import type { ClusterPlan, PoolPlan, StickyPlan } from "../plan/types.ts";

/**
 * members.json: who serves which pool, by which algorithm, and how members are checked. Changes without a reload.
 *
 * @param services what a tier of layer 4 forwards; left out by others
 */
export function renderMembers(plan: ClusterPlan, services?: readonly MembersService[]): string {
  const pools = Object.fromEntries(plan.pools.map((pool) => [pool.name, renderPool(plan, pool)]));
  const content: Omit<MembersDocument, "revision"> = {
    pools,
    schema: membersSchema,
    ...(services === undefined ? {} : { services: [...services] }),
  };
  const revision = fingerprint(JSON.stringify(sorted(content)));
  return `${JSON.stringify(sorted({ ...content, revision }), null, 1)}\n`;
}

/** What the document says of a pool, whoever is in it. */
export function poolSettings(
  plan: ClusterPlan,
  { name, algorithm, health, sticky, tls }: PoolPlan,
): Omit<MembersPool, "members"> {
  return {
    algorithm,
    ...(sticky === null ? {} : { sticky: renderSticky(plan, name, sticky) }),
    health: {
      path: health.path,
      intervalMs: Math.round(health.interval),
      timeoutMs: Math.round(health.timeout),
      fall: health.fall,
      rise: health.rise,
      ...question(health, tls),
    },
  };
}

/** What a check says beside the path; what is ordinary is left out. */
function question(
  { host, headers, protocol, service }: PoolPlan["health"],
  tls: PoolPlan["tls"],
): Partial<MembersPool["health"]> {
  return {
    ...(host === null ? {} : { host }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(protocol === "http" ? {} : { protocol }),
    ...(service === "" ? {} : { service }),
    ...(tls === null
      ? {}
      : { tls: { ...(tls.name === null ? {} : { name: tls.name }), verify: tls.authority !== null } }),
  };
}

/** The salt is no secret, but nobody outside knows the owner's id: clients can't tell a node's address from its cookie. */
function renderSticky({ owner, cluster }: ClusterPlan, pool: string, sticky: StickyPlan) {
  const { lifetime, ...rest } = sticky;
  return {
    ...rest,
    seconds: Math.ceil((lifetime ?? 0) / 1000),
    salt: fingerprint(`sticky/${owner}/${cluster}/${pool}`),
  };
}

function renderPool(plan: ClusterPlan, pool: PoolPlan): MembersPool {
  return {
    ...poolSettings(plan, pool),
    // In the plan's order, which nobody's coming or going changes for the others.
    members: plan.nodes
      .filter((node) => node.pool === pool.name)
      .map(({ key, address, port, weight, role }) => ({ key, address, port, weight, role })),
  };
}

/** The same value with the keys of all objects sorted, so that equal documents are equal texts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
