import { setTimeout as sleep } from "node:timers/promises";
import type { Power, PowerState } from "../types.ts";

/*
 * The only program beside a warden that has controllers' accounts. It listens on a socket of its server alone and knows cold standbys, and
 * nodes that are fenced, and nothing else: whoever takes over a warden can switch these on and off, and reach no controller.
 */

/** As a warden knows it. */
type Seen = "running" | "off" | "busy";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Milliseconds between two looks at a controller: slow ones take seconds for each. */
const lookPause = 5_000;
/** What was seen longer ago than this isn't told any more. */
const expires = 4 * lookPause;
/** How long a standby's system may take to shut down. */
const graceful = 120_000;

const seenAs: Readonly<Record<PowerState, Seen | null>> = {
  on: "running",
  off: "off",
  "turning-on": "busy",
  "turning-off": "busy",
  unknown: null,
};

/** The controllers of a cluster's cold standbys and of the nodes that are fenced, by the node's key. */
export class Switches {
  readonly #powers: ReadonlyMap<string, Power>;
  readonly #fenced: ReadonlySet<string>;
  readonly #seen = new Map<string, { readonly power: Seen; readonly at: number }>();
  readonly #say: (text: string) => void;
  readonly #now: () => number;

  /**
   * @param fenced keys of nodes that serve: their power is cut and nothing else, since a person looks first why they were lost
   * @param now milliseconds of a clock that only goes forward
   */
  constructor(
    powers: ReadonlyMap<string, Power>,
    fenced: ReadonlySet<string>,
    say: (text: string) => void,
    now = () => performance.now(),
  ) {
    this.#powers = powers;
    this.#fenced = fenced;
    this.#say = say;
    this.#now = now;
  }

  /** Looks at every controller again and again until the signal aborts, each at its own pace: one that is slow keeps nobody from the others. */
  async watch(signal: AbortSignal, pause = lookPause): Promise<void> {
    await Promise.all([...this.#powers].map(([key, power]) => this.#watchOne(key, power, signal, pause)));
  }

  async #watchOne(key: string, power: Power, signal: AbortSignal, pause: number): Promise<void> {
    while (!signal.aborted) {
      await this.#lookAt(key, power, signal);
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }

  async #lookAt(key: string, power: Power, signal?: AbortSignal): Promise<void> {
    try {
      const seen = seenAs[(await power.status(signal)).power];
      if (seen === null) this.#seen.delete(key);
      // From when it has answered: it may have been asked long before.
      else this.#seen.set(key, { power: seen, at: this.#now() });
    } catch (error) {
      if (!signal?.aborted) this.#say((error as Error).message);
    }
  }

  /** Ends the controllers' sessions, of which they have few. Nothing may be asked afterwards. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#powers.values()].map((power) => power.close()));
  }

  /** `GET /power`, `POST /<standby>/start`, `POST /<standby>/stop` and `POST /<fenced node>/fence`; nothing else. */
  async answer(method: string, path: string): Promise<Answer> {
    if (method === "GET" && path === "/power") return { status: 200, body: JSON.stringify(this.#fresh()) };
    const [, key = "", kind] = /^\/([a-z0-9-]+)\/(start|stop|fence)$/.exec(path) ?? [];
    const power = this.#powers.get(key);
    const isMeant = (kind === "fence") === this.#fenced.has(key);
    if (method !== "POST" || power === undefined || kind === undefined || !isMeant)
      return { status: 404, body: "no standby of this cluster, or nothing that it can be told" };
    try {
      // Whoever is fenced is lost: its system may be what doesn't answer, and still write.
      const done = await (kind === "start" ? power.on() : power.off(kind === "fence" ? 0 : graceful));
      return { status: done === "was so" ? 304 : 200, body: "" };
    } catch (error) {
      return { status: 502, body: (error as Error).message };
    } finally {
      await this.#lookAt(key, power);
    }
  }

  #fresh(): Record<string, Seen> {
    const now = this.#now();
    return Object.fromEntries(
      [...this.#seen].flatMap(([key, { power, at }]) => (now - at > expires ? [] : [[key, power]])),
    );
  }
}
