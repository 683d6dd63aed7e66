import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { after, type DrillCluster } from "./context.ts";
import { LineSink } from "./lines.ts";
import type { Execution } from "./types.ts";

/**
 * Counts what the nodes did, by their logs: each executed POST is a line there. The logs are followed while the drill runs, so
 * that a removed container takes nothing with it, and a container that comes back is followed again.
 */
export class ExecutionWatch {
  readonly #cluster: DrillCluster;
  readonly #seen = new Map<string, Execution>();
  readonly #followed = new Map<string, Readable>();
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
    await this.#loop;
    // What came between the last line that was followed and the end, also of containers that stand still.
    for (const [key, id] of await this.#ids()) await this.#take(key, await this.#open(id, false));
    for (const stream of this.#followed.values()) stream.destroy();
    return [...this.#seen.values()];
  }

  async #ids(): Promise<[string, string][]> {
    return [...(await this.#cluster.ids())].filter(([key]) => key.startsWith(`${this.#cluster.pool}-`));
  }

  async #look(): Promise<void> {
    for (const [key, id] of await this.#ids()) {
      if (this.#followed.has(id)) continue;
      const stream = await this.#open(id, true);
      this.#followed.set(id, stream);
      const gone = () => void this.#followed.delete(id);
      this.#take(key, stream).then(gone, gone);
    }
  }

  #open(id: string, follow: boolean): Promise<Readable> {
    const options = { stdout: true, stderr: false, since: this.#since };
    const container = this.#cluster.docker.getContainer(id);
    if (follow) return container.logs({ ...options, follow: true }) as Promise<Readable>;
    // The whole log at once, in the same framing.
    return container.logs({ ...options, follow: false }).then((log) => Readable.from([log]));
  }

  async #take(node: string, stream: Readable): Promise<void> {
    const sink = new LineSink((text) => this.#note(node, text));
    this.#cluster.docker.modem.demuxStream(stream, sink as never, sink as never);
    await finished(stream);
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
