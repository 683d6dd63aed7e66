import type { DrillCluster } from "./context.ts";
import type { NodeLogs } from "./platform.ts";
import type { Execution } from "./types.ts";

/** Counts what the nodes did, by their logs: each executed POST is a line there. What is seen twice counts once. */
export class ExecutionWatch {
  readonly #logs: NodeLogs;
  readonly #seen = new Map<string, Execution>();

  constructor({ platform, pool }: DrillCluster) {
    this.#logs = platform.nodeLogs(pool, (node, line) => this.#note(node, line));
  }

  start(): Promise<void> {
    return this.#logs.start();
  }

  /** Everything that was done; call when the load has ended. */
  async stop(): Promise<Execution[]> {
    await this.#logs.stop();
    return [...this.#seen.values()];
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
