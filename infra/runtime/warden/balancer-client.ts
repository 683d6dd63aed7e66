import { SocketHttp } from "./socket-http.ts";
import type { MemberSeen, Overlay, OverlayEntry, Role } from "./types.ts";

/** What the balancer says of itself, as far as the warden needs it. */
export interface BalancerSeen {
  readonly holdsVirtualAddress: boolean;
  /** Its holder; null when nobody has it. */
  readonly lease: string | null;
  /** Who keeps clients out, and why; null when nobody does. */
  readonly maintenance: string | null;
  readonly overlayRevision: number;
  readonly pools: Readonly<Record<string, readonly MemberSeen[]>>;
  /** By pool; empty where the balancer is an older one, that counts none. */
  readonly retries: Readonly<Record<string, RetriesSeen>>;
}

/** Requests of a pool since its balancer has begun that were asked of another node, and failures that were not. */
export interface RetriesSeen {
  readonly made: number;
  /** Passed on because there had been too many retries. */
  readonly refused: number;
}

/** The balancer beside this warden, on its control socket. */
export class BalancerClient {
  readonly #http: SocketHttp;
  #overlay: { revision: number; members: Overlay } | null = null;

  constructor(socketPath: string) {
    this.#http = new SocketHttp(socketPath);
  }

  /** @throws Error when it doesn't answer, or not in the form that this warden knows. */
  async status(): Promise<BalancerSeen> {
    return parseStatus(await this.#get("/status"));
  }

  /** The overlay of a revision that `status` told; asked only when it has changed. */
  async overlay(revision: number): Promise<Overlay> {
    if (this.#overlay?.revision !== revision) this.#overlay = parseOverlay(await this.#get("/overlay"));
    return this.#overlay.members;
  }

  /** Writes the overlay that follows on a revision. False when somebody else was first: look again. */
  async putOverlay(after: number, by: string, members: Overlay): Promise<boolean> {
    const document = JSON.stringify({ schema: 1, revision: after + 1, by, members });
    const { status, body } = await this.#http.ask("PUT", "/overlay", document);
    if (status === 409) return false;
    if (status !== 200) throw new Error(`PUT /overlay: ${status} ${body.slice(0, 300).trim()}`);
    return true;
  }

  async #get(path: string): Promise<string> {
    const { status, body } = await this.#http.ask("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    return body;
  }
}

const roles: readonly unknown[] = ["active", "hot", "cold"];
const isRole = (value: unknown): value is Role => roles.includes(value);

type Json = Record<string, unknown>;

function object(value: unknown, what: string): Json {
  // Lua writes an empty table as {} or as [].
  if (Array.isArray(value) && value.length === 0) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${what} is no object`);
  return value as Json;
}

/** @throws Error that names what isn't as it should be. */
export function parseStatus(text: string): BalancerSeen {
  const status = object(JSON.parse(text), "status");
  const overlay = object(status.overlay, "status.overlay");
  if (typeof overlay.revision !== "number") throw new Error("status.overlay.revision is no number");
  if (typeof status.holdsVirtualAddress !== "boolean")
    throw new Error("status.holdsVirtualAddress is neither true nor false");
  const pools = Object.entries(object(status.pools, "status.pools")).map(
    ([name, pool]): [string, MemberSeen[]] => [
      name,
      list(object(pool, name).members, name).map((member) => parseMember(member, name)),
    ],
  );
  return {
    holdsVirtualAddress: status.holdsVirtualAddress,
    lease: status.lease === null ? null : String(object(status.lease, "status.lease").holder),
    maintenance: parseMaintenance(status.operator),
    overlayRevision: overlay.revision,
    pools: Object.fromEntries(pools),
    retries: parseRetries(object(status.pools, "status.pools")),
  };
}

/** Null of a balancer that knows none: an older one. */
function parseMaintenance(operator: unknown): string | null {
  const said = operator === undefined ? undefined : object(operator, "status.operator").maintenance;
  if (said === undefined) return null;
  const { by, reason } = object(said, "status.operator.maintenance");
  return typeof reason === "string" ? `${String(by)} (${reason})` : String(by);
}

function parseRetries(pools: Json): Record<string, RetriesSeen> {
  return Object.fromEntries(
    Object.entries(pools).flatMap(([name, pool]): [string, RetriesSeen][] => {
      const { retries } = object(pool, name);
      if (retries === undefined) return [];
      const { made, refused } = object(retries, `the retries of pool ${name}`);
      return typeof made === "number" && typeof refused === "number" ? [[name, { made, refused }]] : [];
    }),
  );
}

function list(value: unknown, pool: string): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "object" && value !== null && Object.keys(value).length === 0) return [];
  throw new Error(`the members of pool ${pool} are no list`);
}

function parseMember(value: unknown, pool: string): MemberSeen {
  const member = object(value, `a member of pool ${pool}`);
  const { key, role, desiredRole, healthy, mark } = member;
  if (typeof key !== "string" || !isRole(role) || !isRole(desiredRole))
    throw new Error(`a member of pool ${pool} has no key or no known role`);
  return {
    key,
    role,
    desiredRole,
    healthy: typeof healthy === "boolean" ? healthy : null,
    // A balancer of an earlier image doesn't tell.
    proven: member.proven !== false,
    mark: mark === "lost" || mark === "doubted" ? mark : null,
    inRotation: member.inRotation === true,
    weight: typeof member.weight === "number" ? member.weight : 1,
    inFlight: typeof member.inFlight === "number" ? member.inFlight : 0,
    out: member.out === true,
  };
}

function parseOverlay(text: string): { revision: number; members: Overlay } {
  const overlay = object(JSON.parse(text), "overlay");
  if (typeof overlay.revision !== "number") throw new Error("overlay.revision is no number");
  return {
    revision: overlay.revision,
    members: object(overlay.members, "overlay.members") as Record<string, OverlayEntry>,
  };
}
