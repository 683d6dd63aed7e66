import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { LineSink } from "../platforms/docker/line-sink.ts";
import { listContainers } from "../platforms/docker/view.ts";
import { after, atMost, type DrillCluster } from "./context.ts";
import { pieces } from "./lines.ts";
import type { Execution } from "./types.ts";

/** Longest wait for Docker when all is over. */
const lastWait = 30_000;

/**
 * Counts what the nodes did, by their logs: each executed POST is a line there. The logs are followed while the drill runs, so
 * that a removed container takes nothing with it, and a container that comes back is followed again.
 */
export class ExecutionWatch {
  readonly #cluster: DrillCluster;
  readonly #seen = new Map<string, Execution>();
  /** By container's id; null while it is being opened. */
  readonly #followed = new Map<string, Readable | null>();
  /** When a container's log was last left, in seconds. */
  readonly #left = new Map<string, number>();
  readonly #since = Math.floor(Date.now() / 1000);
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(cluster: DrillCluster) {
    this.#cluster = cluster;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#loop = (async () => {
      while (!this.#stopped) {
        await after(200);
        await this.#look().catch(() => undefined);
      }
    })();
  }

  /** Everything that was done; call when the load has ended. */
  async stop(): Promise<Execution[]> {
    this.#stopped = true;
    try {
      await atMost(lastWait, "looking for nodes", this.#loop);
      // What came between the last line that was followed and the end, also of containers that stand still.
      const nodes = await this.#ids();
      const all = nodes.map(([key, id]) => this.#readAll(key, id).catch(ignoreGone));
      await atMost(lastWait, "reading the nodes' logs", Promise.all(all));
    } finally {
      for (const stream of this.#followed.values()) stream?.destroy();
    }
    return [...this.#seen.values()];
  }

  /** Key and id of every container of a node: while nodes are replaced there are two of a key. */
  async #ids(): Promise<[string, string][]> {
    const { docker, plan, stack, pool } = this.#cluster;
    const views = await listContainers(docker, { owner: plan.owner, stack });
    const nodes = new Set(["active", "hot", "cold"]);
    return views
      .filter(({ key, role }) => nodes.has(role) && key.startsWith(`${pool}-`))
      .map(({ key, id }) => [key, id]);
  }

  async #look(): Promise<void> {
    for (const [key, id] of await this.#ids()) {
      if (this.#followed.has(id)) continue;
      this.#followed.set(id, null);
      this.#follow(key, id).catch(() => this.#followed.delete(id));
    }
  }

  #options(since: number) {
    return { stdout: true, stderr: false, since };
  }

  /** The whole log of a container, at once. */
  async #readAll(node: string, id: string): Promise<void> {
    const log = await this.#cluster.docker
      .getContainer(id)
      .logs({ ...this.#options(this.#since), follow: false });
    const sink = new LineSink((text) => this.#note(node, text));
    for (const piece of pieces(log)) sink.write(piece);
  }

  async #follow(node: string, id: string): Promise<void> {
    const container = this.#cluster.docker.getContainer(id);
    const since = this.#left.get(id) ?? this.#since;
    const stream = (await container.logs({ ...this.#options(since), follow: true })) as Readable;
    this.#followed.set(id, stream);
    if (this.#stopped) stream.destroy();
    const sink = new LineSink((text) => this.#note(node, text));
    this.#cluster.docker.modem.demuxStream(stream, sink as never, sink as never);
    await finished(stream).catch(() => undefined);
    // From a little before when it is followed again; what is seen twice counts once.
    this.#left.set(id, Math.floor(Date.now() / 1000) - 2);
    this.#followed.delete(id);
  }

  #note(node: string, text: string): void {
    if (!text.includes('"executed"')) return;
    try {
      const { operation, run } = JSON.parse(text) as Execution;
      this.#seen.set(`${node} ${run}`, { operation, node, run });
    } catch {
      // A line that was cut in two by the end of its writer.
    }
  }
}

/** What was removed in this moment has been followed until then. */
function ignoreGone(error: { statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}
