import type { Power, PowerState } from "../types.ts";

/*
 * The only program beside a warden that has controllers' accounts. It listens on a socket of its server alone and knows cold standbys and
 * nothing else: whoever takes over a warden can switch standbys on and off, and reach no controller.
 */

/** As a warden knows it. */
type Seen = "running" | "off" | "busy";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Milliseconds between two looks at a controller: slow ones take seconds for each. */
export const lookPause = 5_000;
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

/** The controllers of a cluster's cold standbys, by the node's key. */
export class Switches {
  readonly #powers: ReadonlyMap<string, Power>;
  readonly #seen = new Map<string, { readonly power: Seen; readonly at: number }>();
  readonly #say: (text: string) => void;

  constructor(powers: ReadonlyMap<string, Power>, say: (text: string) => void) {
    this.#powers = powers;
    this.#say = say;
  }

  /** Looks at every controller. One that doesn't answer keeps nobody from the others. */
  async look(now: number): Promise<void> {
    await Promise.all([...this.#powers].map(([key, power]) => this.#lookAt(key, power, now)));
  }

  async #lookAt(key: string, power: Power, now: number): Promise<void> {
    try {
      const seen = seenAs[(await power.status()).power];
      if (seen === null) this.#seen.delete(key);
      else this.#seen.set(key, { power: seen, at: now });
    } catch (error) {
      this.#say((error as Error).message);
    }
  }

  /** `GET /power`, `POST /<node>/start` and `POST /<node>/stop`; nothing else. */
  async answer(method: string, path: string, now: number): Promise<Answer> {
    if (method === "GET" && path === "/power") return { status: 200, body: JSON.stringify(this.#fresh(now)) };
    const [, key = "", kind] = /^\/([a-z0-9-]+)\/(start|stop)$/.exec(path) ?? [];
    const power = this.#powers.get(key);
    if (method !== "POST" || power === undefined || kind === undefined)
      return { status: 404, body: "no standby of this cluster, or nothing that it can be told" };
    try {
      const done = kind === "start" ? await power.on() : await power.off(graceful);
      return { status: done === "was so" ? 304 : 200, body: "" };
    } catch (error) {
      return { status: 502, body: (error as Error).message };
    } finally {
      await this.#lookAt(key, power, now);
    }
  }

  #fresh(now: number): Record<string, Seen> {
    return Object.fromEntries(
      [...this.#seen].flatMap(([key, { power, at }]) => (now - at > expires ? [] : [[key, power]])),
    );
  }
}
