import { createHash } from "node:crypto";
import type { MembersDocument as Document, Member } from "../../../components/model/members-document.ts";
import { own } from "../warden/own.ts";

/*
 * Who serves, from what the groups say: the pure part of what follows their members on each balancer. Every balancer looks for
 * itself and comes to the same document by the same answers, so they need no word among each other.
 */

/** A pool as the balancers' files have it, with the groups that its members are in. */
export interface FollowedPool {
  readonly algorithm: unknown;
  readonly health: unknown;
  readonly port: number;
  /** Name of the group of active nodes. */
  readonly active: string;
  /** Name of the group of hot standbys; null without one. */
  readonly hot: string | null;
}

/** A group as the platform tells it. */
export interface SeenGroup {
  /** How many instances it is to have in service. */
  readonly desired: number;
  readonly instances: readonly SeenInstance[];
}

export interface SeenInstance {
  readonly id: string;
  /** Lifecycle state, e.g. `InService`, `Terminating:Wait` (EC2 Auto Scaling user guide, instance lifecycle). */
  readonly state: string;
  /** Private IPv4 address; null when it isn't known yet. */
  readonly address: string | null;
}

/** A pool in the document; algorithm and health pass through as they were rendered. */
export interface PoolDocument {
  readonly algorithm: unknown;
  readonly health: unknown;
  readonly members: readonly Member[];
}

/** Of the model the types alone, so that its checks aren't in the bundle. */
const schema: Document["schema"] = 1;

export interface MembersDocument {
  readonly schema: Document["schema"];
  /** Hash of the rest. */
  readonly revision: string;
  readonly pools: Readonly<Record<string, PoolDocument>>;
}

/**
 * The document of members, the same for the same answers in any order.
 *
 * - Who is in service is a member. Who isn't yet, or is about to go, is none: what is under way there ends, and nothing new comes.
 *   Whether a member is well is for the balancer's own checks to say, which see it sooner than a group does.
 * - For as many active nodes as are missing, hot standbys serve along.
 * - A pool of which the platform tells nothing, or nobody in service, stays as it was: an answer that is wrong must not empty it, and
 *   where it is right nothing is lost, as the balancer would have nobody else to ask. One that has never had anybody is an empty
 *   list: a cluster's balancers start before its nodes do.
 *
 * @param seen groups by name; one that the platform didn't tell is left out
 * @param before the document until now; null at first
 */
export function membersDocument(
  followed: Readonly<Record<string, FollowedPool>>,
  seen: Readonly<Record<string, SeenGroup>>,
  before: MembersDocument | null,
): MembersDocument {
  const pools: Record<string, PoolDocument> = {};
  for (const [name, pool] of Object.entries(followed).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const old = own(before?.pools ?? {}, name)?.members ?? [];
    const members = membersOf(pool, seen, old) ?? old;
    pools[name] = { algorithm: pool.algorithm, health: pool.health, members };
  }
  const revision = createHash("sha256").update(JSON.stringify(pools)).digest("hex").slice(0, 16);
  return { schema, revision, pools };
}

/**
 * Members of a pool by key; null when there is nobody, or when the platform didn't tell of its active nodes. A group of standbys
 * that isn't there is none: it is made after the nodes' and goes before them, and the nodes serve meanwhile.
 */
function membersOf(
  pool: FollowedPool,
  seen: Readonly<Record<string, SeenGroup>>,
  old: readonly Member[],
): Member[] | null {
  const active = own(seen, pool.active);
  if (active === undefined) return null;
  const hot = (pool.hot === null ? undefined : own(seen, pool.hot)) ?? { desired: 0, instances: [] };
  const nodes = inService(active, old);
  const standbys = inService(hot, old);
  const standIn = standIns(standbys, active.desired - nodes.length, old);
  const member = (role: "active" | "hot", { key, address }: Serving): Member => ({
    key,
    address,
    port: pool.port,
    weight: 1,
    role,
  });
  const members = [
    ...nodes.map((node) => member("active", node)),
    ...standbys.map((node) => member(standIn.has(node.key) ? "active" : "hot", node)),
  ].sort((a, b) => (a.key < b.key ? -1 : 1));
  return members.length === 0 ? null : members;
}

interface Serving {
  readonly key: string;
  readonly address: string;
}

/** An instance whose address wasn't told this time has the one that it had: an address stays for an instance's life. */
function inService({ instances }: SeenGroup, old: readonly Member[]): Serving[] {
  return instances.flatMap(({ id, state, address }) => {
    const known = address ?? old.find(({ key }) => key === id)?.address;
    return state === "InService" && known !== undefined ? [{ key: id, address: known }] : [];
  });
}

/** Standbys that serve along. Those that already do come first: others would only be a change without a gain. */
function standIns(standbys: readonly Serving[], missing: number, old: readonly Member[]): Set<string> {
  const serves = new Set(old.filter(({ role }) => role === "active").map(({ key }) => key));
  const rank = (key: string) => `${serves.has(key) ? 0 : 1} ${key}`;
  const keys = standbys.map(({ key }) => key).sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return new Set(keys.slice(0, Math.max(0, missing)));
}
