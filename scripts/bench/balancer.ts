import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { groundOf } from "../ephemeral/ground.ts";
import { ownershipOf } from "../ephemeral/record.ts";
import { known } from "../ephemeral/store.ts";
import { startCluster } from "../ephemeral/testing.ts";
import { UserError } from "../exit.ts";
import { single } from "./stacks.ts";
import type { Opened, Part } from "./types.ts";

/** Clients that ask at the same time, each again as soon as it has its answer. */
const clients = [16, 256] as const;
/** Requests of a run; each client's first one, which opens its connection, is not counted. */
const requests = 4000;
/** Milliseconds in which it is seen what a balancer takes when nobody asks. */
const idle = 1000;

const processor = (number: number) => `processor for a request, ${number} clients`;
const throughput = (number: number) => `requests, ${number} clients`;

export const balancerPart: Part = {
  name: "balancer",
  about:
    "One balancer before three nodes: as the kit makes it, a plain `proxy_pass`, nginx as one would tune it by hand with the same logs and headers, and HAProxy. Each alone with the same share of a processor; what it takes when nobody asks is left out.",
  rounds: 20,
  open: async (): Promise<Opened> => {
    const cluster = await startCluster(single(), { ttl: "7d" });
    try {
      const record = known(cluster.name);
      const { rivals } = await groundOf(record);
      if (rivals === undefined)
        throw new UserError("there is nothing to compare balancers with on this platform");
      const there = await rivals(ownershipOf(record));
      return {
        figures: clients.flatMap((number) => [
          { name: processor(number), unit: "µs" } as const,
          { name: throughput(number), unit: "1/s" } as const,
        ]),
        variants: there.map(({ name, version }) => ({ name, version })),
        run: async (variant) => {
          const rival = there.find(({ name }) => name === variant);
          if (rival === undefined) throw new Error(`there is no balancer ${variant}`);
          const rest = await rival.processor();
          await sleep(idle);
          const each = ((await rival.processor()) - rest) / idle;
          const found: Record<string, number> = {};
          for (const number of clients) {
            await using load = new Load(rival.address, number);
            await load.ask(number);
            const [before, began] = [await rival.processor(), performance.now()];
            await load.ask(requests);
            const took = performance.now() - began;
            const used = (await rival.processor()) - before - each * took;
            found[processor(number)] = used / requests / 1000;
            found[throughput(number)] = (requests / took) * 1000;
          }
          return found;
        },
        [Symbol.asyncDispose]: () => cluster.down(),
      };
    } catch (error) {
      await cluster.down();
      throw error;
    }
  },
};

/** Clients with a connection each. */
class Load implements AsyncDisposable {
  readonly #agent: Agent;
  readonly #host: string;
  readonly #clients: number;

  constructor(host: string, number: number) {
    this.#host = host;
    this.#clients = number;
    this.#agent = new Agent({ keepAlive: true, maxSockets: number, maxFreeSockets: number });
  }

  /** Asks so often in all. @throws Error for an answer other than 200 */
  async ask(number: number): Promise<void> {
    let left = number;
    const client = async () => {
      while (left-- > 0) await this.#one();
    };
    await Promise.all(Array.from({ length: this.#clients }, client));
  }

  #one(): Promise<void> {
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: this.#host, port: 80, path: "/identity", agent: this.#agent },
        (response) => {
          response.resume();
          response.on("end", () =>
            response.statusCode === 200
              ? resolve()
              : reject(new Error(`${this.#host} answers ${response.statusCode}`)),
          );
          response.on("error", reject);
        },
      );
      asked.on("error", reject);
      asked.end();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
  }
}
