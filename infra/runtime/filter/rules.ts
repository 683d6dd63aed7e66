/*
 * What passes the filter. Everything that isn't named here is refused. Pure.
 */

/** Whose containers may be seen and switched. */
export interface Ownership {
  readonly owner: string;
  readonly stack: string;
}

export type Passage =
  | { readonly kind: "list" }
  | { readonly kind: "inspect"; readonly id: string }
  | { readonly kind: "switch"; readonly id: string; readonly verb: Verb; readonly tick: number | null }
  | { readonly kind: "ping" };

const verbs = ["start", "stop", "restart", "unpause"] as const;
export type Verb = (typeof verbs)[number];

/** Roles whose power may be switched. */
const switchable = ["active", "hot", "cold", "worker", "singleton", "scheduled"];

/** How long before its time a scheduled one may be started, and how long after: the longest `startWithin` (milliseconds). */
const early = 1000;
const farthest = 3_600_000;

/** What a request asks for; null when it is nothing that passes. Parameters are never passed on. */
export function passageOf(method: string, url: string): Passage | null {
  // Encoded or winding ways to a path that looks harmless.
  if (url.length > 300 || /[%\\]|\.\.|\/\/|[^\x21-\x7e]/.test(url)) return null;
  const [path = "", query = ""] = url.split("?", 2);
  if (method === "GET" && path === "/_ping" && query === "") return { kind: "ping" };
  if (method === "GET" && path === "/containers/json" && ["", "all=1"].includes(query))
    return { kind: "list" };
  const [, id, what] = /^\/containers\/([0-9a-f]{64})\/([a-z]+)$/.exec(path) ?? [];
  if (id === undefined) return null;
  const [, tick] = /^tick=([0-9]{13})$/.exec(query) ?? [];
  if (method === "POST" && what === "start" && tick !== undefined)
    return { kind: "switch", id, verb: "start", tick: Number(tick) };
  if (query !== "" || url.includes("?")) return null;
  if (method === "GET" && what === "json") return { kind: "inspect", id };
  const verb = verbs.find((known) => known === what);
  return method === "POST" && verb !== undefined ? { kind: "switch", id, verb, tick: null } : null;
}

type Labels = Readonly<Record<string, unknown>> | null | undefined;

/** Whether a container belongs to this stack of this owner. */
export function isOurs(labels: Labels, { owner, stack }: Ownership): boolean {
  return labels?.["hotspare.owner"] === owner && labels["hotspare.stack"] === stack;
}

/** Whether its power may be switched: ours, and a node. */
export function mayBeSwitched(labels: Labels, ownership: Ownership): boolean {
  return isOurs(labels, ownership) && switchable.includes(String(labels?.["hotspare.role"]));
}

/** The path of the list, with our own filter instead of whatever was asked for. */
export function listPath({ owner, stack }: Ownership): string {
  const label = [`hotspare.owner=${owner}`, `hotspare.stack=${stack}`];
  return `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ label }))}`;
}

/** Of a list only what a warden needs. */
export function stripListed(listed: unknown, ownership: Ownership): unknown[] {
  if (!Array.isArray(listed)) return [];
  return listed
    .filter(({ Labels }) => isOurs(Labels, ownership))
    .map(({ Id, State, Status, Created, Labels }) => ({ Id, State, Status, Created, Labels }));
}

/** Of a container's description only what a warden needs: above all no environment, where secrets are. */
export function stripInspected(container: Inspected): unknown {
  const { Id, State, Config } = container;
  return { Id, State, Config: { Labels: Config?.Labels ?? {} } };
}

/** Roles whose start has to be the only one, so that it is decided by one after the other here. */
export const startedAlone = (labels: Labels) =>
  ["singleton", "scheduled"].includes(String(labels?.["hotspare.role"]));

/**
 * Why a container mustn't be started now, with the status that says so; null where it may. Of a singleton one runs. A scheduled one is started
 * for a moment at which it was due, once: the engine's own record of its last start tells.
 *
 * @param listed all containers of the stack
 * @param now milliseconds since 1970, by the clock that wardens have too
 */
export function whyNot(
  { Id, State, Config }: Inspected,
  { verb, tick }: { readonly verb: Verb; readonly tick: number | null },
  listed: readonly { readonly Id: string; readonly State: string; readonly Labels: Labels }[],
  now: number,
): { readonly status: number; readonly message: string } | null {
  const labels = Config?.Labels;
  const { Running, StartedAt } = State as { Running?: boolean; StartedAt?: string };
  if (verb === "stop") return null;
  if (verb !== "start") return { status: 403, message: "it is stopped, and then one is started" };
  if (labels?.["hotspare.role"] === "singleton") {
    const name = nameOf(labels);
    const other = listed.find(
      (one) =>
        one.Id !== Id &&
        one.Labels?.["hotspare.role"] === "singleton" &&
        nameOf(one.Labels) === name &&
        !["created", "exited", "dead"].includes(one.State),
    );
    return other === undefined
      ? null
      : { status: 409, message: `${other.Labels?.["hotspare.key"]} is ${other.State}` };
  }
  if (tick === null) return { status: 403, message: "it is started when it is due" };
  if (tick > now + early || tick < now - farthest)
    return { status: 403, message: "it was not due then: that is to come, or too long ago" };
  if (Date.parse(StartedAt ?? "") >= tick) return { status: 304, message: "it has been started since" };
  return Running === true ? { status: 409, message: "the run before isn't over" } : null;
}

/** A key without its number. */
const nameOf = (labels: Labels) => String(labels?.["hotspare.key"]).replace(/-\d+$/, "");

export interface Inspected {
  readonly Id: string;
  readonly State: unknown;
  readonly Config?: { readonly Labels?: Readonly<Record<string, unknown>> | null };
}
