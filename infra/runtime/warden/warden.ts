import type { BalancerClient } from "./balancer-client.ts";
import { powerInterval, type WardenConfig } from "./config.ts";
import { decide, sameOverlay } from "./decide.ts";
import type { Driver } from "./drivers/driver.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Store } from "./store.ts";
import type { Action, Observation, Power, State } from "./types.ts";
import { WatchedTime } from "./watched-time.ts";

export interface Parts {
  readonly config: WardenConfig;
  readonly balancer: BalancerClient;
  readonly driver: Driver;
  readonly store: Store;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What was seen of the power longer ago than this isn't believed any more. */
const powerExpires = 5_000;

/** Observes, asks `decide`, and does what it says: the part with hands. */
export class Warden {
  readonly #parts: Parts;
  readonly #busy = new Set<string>();
  #state: State;
  #power: { seen: Record<string, Power>; at: number } | null = null;
  #lastRound = Number.NEGATIVE_INFINITY;
  #stands = { leads: false, leased: false };
  readonly #time: WatchedTime;

  constructor(parts: Parts, now: number) {
    this.#parts = parts;
    this.#time = new WatchedTime(now);
    const { state, problem } = parts.store.load(now, Date.now());
    if (problem !== null)
      parts.log.say("trouble", `the state file is of no use, it starts fresh: ${problem}`);
    this.#state = state;
  }

  /** Whether a round has succeeded within the last five seconds. */
  isWell(now: number): boolean {
    return now - this.#lastRound < 5000;
  }

  /** Whether it switches machines, and whether somebody else changes the cluster. Who can't ask its balancer doesn't. */
  stands(now: number): { leads: boolean; leased: boolean } {
    return { ...this.#stands, leads: this.#stands.leads && this.isWell(now) };
  }

  /** One round. Never throws: what is wrong is said, at most once a minute, and the next round tries again. */
  async round(now: number): Promise<void> {
    const { balancer, log, metrics, config, store } = this.#parts;
    const watched = this.#time.advance(now);
    try {
      const begun = performance.now();
      const seen = await balancer.status();
      this.#stands = { leads: seen.holdsVirtualAddress, leased: seen.lease !== null };
      const overlay = await balancer.overlay(seen.overlayRevision);
      const observation: Observation = {
        leader: seen.holdsVirtualAddress,
        lease: seen.lease,
        maintenance: seen.maintenance,
        pools: seen.pools,
        overlay,
        power: this.#powerSeen(now),
      };
      const decision = decide(this.#state, observation, config.timers, watched);
      if (!sameOverlay(overlay, decision.overlay)) {
        const taken = await balancer.putOverlay(seen.overlayRevision, config.warden, decision.overlay);
        // Somebody else wrote first: what was decided is void, the next round looks again.
        if (!taken) return;
      }
      this.#state = decision.state;
      for (const { event, why, ...where } of decision.events) {
        log.say(event, why, { ...where, leader: observation.leader });
        metrics.count("hotspare_warden_events_total", `event="${event}"`);
      }
      for (const action of decision.actions) void this.#perform(action);
      metrics.retries(seen.retries);
      metrics.observe(observation, seen.overlayRevision, performance.now() - begun);
      this.#lastRound = now;
      const unsaved = store.save(this.#state, watched, Date.now());
      if (unsaved !== null) log.complain("the state can't be written, it goes on in memory", unsaved, now);
    } catch (error) {
      metrics.count("hotspare_warden_failed_rounds_total");
      log.complain(`the balancer ${config.balancer} can't be asked`, (error as Error).message, now);
    }
  }

  /** Asks for the power of all machines. Never throws. */
  async lookAtPower(now: number): Promise<void> {
    try {
      this.#power = { seen: await this.#parts.driver.power(), at: now };
    } catch (error) {
      this.#parts.metrics.count("hotspare_warden_driver_errors_total");
      this.#parts.log.complain("the machines can't be seen", (error as Error).message, now);
    }
  }

  #powerSeen(now: number): Record<string, Power> | null {
    if (this.#power === null || now - this.#power.at > powerExpires) return null;
    const busy = [...this.#busy].map((key): [string, Power] => [key, "busy"]);
    return { ...this.#power.seen, ...Object.fromEntries(busy) };
  }

  /** In the background: a slow stop must not keep the warden from watching. */
  async #perform(action: Action): Promise<void> {
    const { driver, log, metrics } = this.#parts;
    const { kind, node, pool } = action;
    this.#busy.add(node);
    let outcome = "done";
    try {
      const undone = await driver.perform(action);
      if (undone !== null) outcome = "left";
      log.say(`${kind}-${outcome}`, undone ?? "done", { pool, node });
    } catch (error) {
      outcome = "failed";
      log.say(`${kind}-failed`, (error as Error).message, { pool, node });
    }
    metrics.count("hotspare_warden_actions_total", `action="${kind}",outcome="${outcome}"`);
    // Busy until its power has been looked at again, or what was seen before would be believed once more.
    await this.lookAtPower(performance.now());
    this.#busy.delete(node);
  }
}

/** Runs rounds for ever: one begins `interval` ms after the one before has begun, or when that has ended. */
export async function run(warden: Warden, interval: number, isOver: () => boolean): Promise<void> {
  let powerAt = Number.NEGATIVE_INFINITY;
  while (!isOver()) {
    const begun = performance.now();
    if (begun - powerAt >= powerInterval) {
      powerAt = begun;
      void warden.lookAtPower(begun);
    }
    await warden.round(begun);
    const left = interval - (performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, Math.max(5, left)));
  }
}
