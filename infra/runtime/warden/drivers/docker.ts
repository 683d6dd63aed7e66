import { SocketHttp } from "../socket-http.ts";
import type { Action, Power } from "../types.ts";
import type { Driver } from "./driver.ts";

interface Listed {
  readonly Id: string;
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** A graceful stop may take as long as the node's own time for it, which the engine knows. */
const longestStop = 620_000;
const longestStart = 30_000;

/** Containers, by way of the socket filter: it lets through what concerns the nodes of this stack and nothing else. */
export class DockerDriver implements Driver {
  readonly #http: SocketHttp;
  /** A node that was started less than this long ago isn't restarted: another warden, or a person, has just done it. */
  readonly #youngest: number;
  #ids: ReadonlyMap<string, Listed> = new Map();

  constructor(socketPath: string, youngest: number) {
    this.#http = new SocketHttp(socketPath);
    this.#youngest = youngest;
  }

  async power(): Promise<Record<string, Power>> {
    const { status, body } = await this.#http.ask("GET", "/containers/json?all=1", undefined, 3000);
    if (status !== 200) throw new Error(`the filter answers ${status}: ${body.slice(0, 200).trim()}`);
    const listed = (JSON.parse(body) as Listed[]).filter(({ Labels }) =>
      ["active", "hot", "cold"].includes(Labels["hotspare.role"] ?? ""),
    );
    this.#ids = newestOfEach(listed);
    return Object.fromEntries([...this.#ids].map(([key, { State }]) => [key, powerOf(State)]));
  }

  async perform({ kind, node }: Action): Promise<string | null> {
    const id = this.#ids.get(node)?.Id;
    if (id === undefined) return "it has no container";
    if (kind === "restart" && (await this.#age(id)) < this.#youngest) return "it was started a moment ago";
    const timeout = kind === "stop" || kind === "restart" ? longestStop : longestStart;
    const { status, body } = await this.#http.ask("POST", `/containers/${id}/${kind}`, undefined, timeout);
    // 304: it is so already.
    if (status === 304) return "it is so already";
    if (status >= 300) throw new Error(`${status} ${body.slice(0, 300).trim()}`);
    return null;
  }

  /** Milliseconds since its start. By the wall clock: engine and warden are on one machine. */
  async #age(id: string): Promise<number> {
    const { status, body } = await this.#http.ask("GET", `/containers/${id}/json`, undefined, 3000);
    if (status !== 200) throw new Error(`the filter answers ${status}: ${body.slice(0, 200).trim()}`);
    const { State } = JSON.parse(body) as { State: { StartedAt: string } };
    return Date.now() - Date.parse(State.StartedAt);
  }
}

/**
 * While a node is replaced it has two containers: the newest is meant, once it has been started. Before that the one that serves is,
 * or a node would seem to be off for a moment in every release.
 */
function newestOfEach(listed: readonly Listed[]): Map<string, Listed> {
  const generation = ({ Labels }: Listed) => Number(Labels["hotspare.generation"] ?? 0);
  const meant = new Map<string, Listed>();
  for (const container of listed.toSorted((a, b) => generation(a) - generation(b))) {
    const key = container.Labels["hotspare.key"] ?? "";
    const servesStill = container.State === "created" && meant.get(key)?.State === "running";
    if (!servesStill) meant.set(key, container);
  }
  return meant;
}

export function powerOf(state: string): Power {
  switch (state) {
    case "running":
      return "running";
    case "paused":
      return "paused";
    case "restarting":
    case "removing":
      return "busy";
    default:
      return "off";
  }
}
