import type { Line, Order } from "../../infra/runtime/load/protocol.ts";
import type { LoadMachine, Running } from "./platform.ts";
import type { Operation, Probe } from "./types.ts";

/** One run of the generator, and all that it told. */
export class LoadRun {
  readonly probes: Probe[] = [];
  begin = 0;
  sent = 0;
  readonly #seen: (operation: Operation) => void;
  #running: Running | undefined;
  #complete = false;

  constructor(seen: (operation: Operation) => void) {
    this.#seen = seen;
  }

  async start(machine: LoadMachine, order: Order): Promise<void> {
    const begun = Promise.withResolvers<void>();
    this.#running = await machine.run(order, (line) => {
      this.#take(JSON.parse(line) as Line);
      if (this.begin > 0) begun.resolve();
    });
    const early = this.#running.ended.then(() => {
      if (this.begin === 0) throw new Error(`the generator did not start: ${this.#running?.complaints()}`);
    });
    await Promise.race([begun.promise, early]);
  }

  #take(line: Line): void {
    switch (line[0]) {
      case "o": {
        const [, id, stream, due, late, latency, node, outcome, reused] = line;
        this.#seen({ id, stream, due, late, latency, node, outcome, reused: reused === 1 });
        return;
      }
      case "p":
        this.probes.push({ sent: line[1], took: line[2] < 0 ? null : line[2] });
        return;
      case "begin":
        this.begin = line[1];
        return;
      case "end":
        this.sent = line[1];
        this.#complete = true;
    }
  }

  /** Ends the run and waits for what is under way. */
  async stop(): Promise<void> {
    this.#running?.stop();
    await this.#running?.ended;
    if (!this.#complete) throw new Error(`the generator broke off: ${this.#running?.complaints()}`);
  }
}
