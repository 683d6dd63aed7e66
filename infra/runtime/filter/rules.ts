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
  | { readonly kind: "switch"; readonly id: string; readonly verb: Verb }
  | { readonly kind: "ping" };

const verbs = ["start", "stop", "restart", "unpause"] as const;
export type Verb = (typeof verbs)[number];

/** Roles whose power may be switched. */
const switchable = ["active", "hot", "cold"];

/** What a request asks for; null when it is nothing that passes. Parameters are never passed on. */
export function passageOf(method: string, url: string): Passage | null {
  // Encoded or winding ways to a path that looks harmless.
  if (url.length > 300 || /[%\\]|\.\.|\/\/|[^\x21-\x7e]/.test(url)) return null;
  const [path = "", query = ""] = url.split("?", 2);
  if (method === "GET" && path === "/_ping" && query === "") return { kind: "ping" };
  if (method === "GET" && path === "/containers/json" && ["", "all=1"].includes(query))
    return { kind: "list" };
  const [, id, what] = /^\/containers\/([0-9a-f]{64})\/([a-z]+)$/.exec(path) ?? [];
  if (id === undefined || query !== "" || url.includes("?")) return null;
  if (method === "GET" && what === "json") return { kind: "inspect", id };
  const verb = verbs.find((known) => known === what);
  return method === "POST" && verb !== undefined ? { kind: "switch", id, verb } : null;
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
    .map(({ Id, State, Labels }) => ({ Id, State, Labels }));
}

/** Of a container's description only what a warden needs: above all no environment, where secrets are. */
export function stripInspected(container: Inspected): unknown {
  const { Id, State, Config } = container;
  return { Id, State, Config: { Labels: Config?.Labels ?? {} } };
}

export interface Inspected {
  readonly Id: string;
  readonly State: unknown;
  readonly Config?: { readonly Labels?: Readonly<Record<string, unknown>> | null };
}
