import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type Docker from "dockerode";
import { LineSink } from "../../../../components/platform/docker/line-sink.ts";
import { after, atMost } from "../../../drill/context.ts";
import type { NodeLogs } from "../../../drill/platform.ts";
import { listContainers, type Ownership } from "../view.ts";
import { pieces } from "./lines.ts";

/** Longest wait for Docker when all is over. */
const lastWait = 30_000;

/**
 * Follows the logs of a pool's nodes while a drill runs, so that a removed container takes nothing with it, and a container that
 * comes back is followed again.
 */
export class ContainerLogs implements NodeLogs {
  readonly #docker: Docker;
  readonly #ownership: Required<Ownership>;
  readonly #pool: string;
  readonly #onLine: (node: string, line: string) => void;
  /** By container's id; null while it is being opened. */
  readonly #followed = new Map<string, Readable | null>();
  /** When a container's log was last left, in seconds. */
  readonly #left = new Map<string, number>();
  readonly #since = Math.floor(Date.now() / 1000);
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(
    docker: Docker,
    ownership: Required<Ownership>,
    pool: string,
    onLine: (node: string, line: string) => void,
  ) {
    this.#docker = docker;
    this.#ownership = ownership;
    this.#pool = pool;
    this.#onLine = onLine;
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

  async stop(): Promise<void> {
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
  }

  /** Key and id of every container of a node: while nodes are replaced there are two of a key. */
  async #ids(): Promise<[string, string][]> {
    const views = await listContainers(this.#docker, this.#ownership);
    const nodes = new Set(["active", "hot", "cold"]);
    return views
      .filter(({ key, role }) => nodes.has(role) && key.startsWith(`${this.#pool}-`))
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
    const log = await this.#docker.getContainer(id).logs({ ...this.#options(this.#since), follow: false });
    const sink = new LineSink((text) => this.#onLine(node, text));
    for (const piece of pieces(log)) sink.write(piece);
  }

  async #follow(node: string, id: string): Promise<void> {
    const container = this.#docker.getContainer(id);
    const since = this.#left.get(id) ?? this.#since;
    const stream = (await container.logs({ ...this.#options(since), follow: true })) as Readable;
    this.#followed.set(id, stream);
    if (this.#stopped) stream.destroy();
    const sink = new LineSink((text) => this.#onLine(node, text));
    this.#docker.modem.demuxStream(stream, sink as never, sink as never);
    await finished(stream).catch(() => undefined);
    // From a little before when it is followed again.
    this.#left.set(id, Math.floor(Date.now() / 1000) - 2);
    this.#followed.delete(id);
  }
}

/** What was removed in this moment has been followed until then. */
function ignoreGone(error: { statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}
