import { own } from "../../components/model/own.ts";
import { balancersPool } from "../../components/plan/front.ts";
import { virtualAddressOf } from "../../components/plan/virtual-address.ts";
import { after, atMost, type DrillCluster } from "./context.ts";
import type { Running } from "./platform.ts";
import { holdersKind, tierDrills } from "./tiers/select.ts";
import type { HolderSample, MemberSample } from "./types.ts";

/** Pause before a balancer that went away is looked for again. */
const again = 50;

/** Longest wait for the end of what ran in the balancers; above the grace that a program has. */
const lastWait = 15_000;

interface Told {
  key: string;
  inRotation: boolean;
  mark?: string | null;
  lastChange?: { at: number } | null;
}

/** Watches the balancers from inside, for as long as a drill runs, and comes back to those that went away. */
export class BalancerWatch {
  readonly holders: HolderSample[] = [];
  readonly members: MemberSample[] = [];
  readonly #cluster: DrillCluster;
  readonly #running = new Set<Running>();
  #stopped = false;
  readonly #loops: Promise<void>[] = [];

  private constructor(cluster: DrillCluster) {
    this.#cluster = cluster;
  }

  static async start(cluster: DrillCluster): Promise<BalancerWatch> {
    const { plan } = cluster;
    const holders = tierDrills(holdersKind(plan));
    const holder = await holders.holderCommand(virtualAddressOf(plan));
    const members = await holders.membersCommand();
    const watch = new BalancerWatch(cluster);
    for (const { key } of cluster.holders) {
      const gone = () => watch.holders.push({ balancer: key, at: Date.now(), holds: null });
      watch.#loops.push(
        watch.#follow(key, holder, gone),
        watch.#follow(key, members, () => undefined),
      );
    }
    if (plan.directors === undefined) return watch;
    const behind = await tierDrills(plan.tier.kind).membersCommand();
    for (const { key } of plan.balancers) watch.#loops.push(watch.#follow(key, behind, () => undefined));
    return watch;
  }

  /** Key of the balancer that had the address when last looked. */
  holder(): string | undefined {
    const latest = new Map(this.holders.map(({ balancer, holds }) => [balancer, holds]));
    return [...latest].find(([, holds]) => holds === true)?.[0];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const running of this.#running) running.stop();
    // All that was told is here by now; one that can't be ended any more has nothing to add.
    await atMost(lastWait, "watching", Promise.all(this.#loops)).catch(() => undefined);
  }

  /** Runs a program in a balancer, again and again as long as the drill lasts. */
  async #follow(key: string, command: readonly string[], gone: () => void): Promise<void> {
    while (!this.#stopped) {
      try {
        const { platform } = this.#cluster;
        const running = await platform.run(key, command, (line) => this.#take(key, line));
        this.#running.add(running);
        if (this.#stopped) running.stop();
        await running.ended;
        this.#running.delete(running);
      } catch {
        // It is gone or frozen; that is what a drill does to it.
      }
      gone();
      if (!this.#stopped) await after(again);
    }
  }

  #take(balancer: string, line: string): void {
    const [kind, time, ...rest] = line.split(" ");
    const at = Number(time) * 1000;
    if (kind === "h") this.holders.push({ balancer, at, holds: rest[0] === "1" });
    if (kind !== "s") return;
    const { pools } = JSON.parse(rest.join(" ")) as { pools: Record<string, { members: Told[] }> };
    // To directors in front the balancers are members.
    const told = [this.#cluster.pool, balancersPool].flatMap((pool) => own(pools, pool)?.members ?? []);
    for (const { key, inRotation, mark, lastChange } of told) {
      const changed = lastChange ? lastChange.at * 1000 : null;
      this.members.push({ balancer, at, key, inRotation, mark: mark ?? null, lastChange: changed });
    }
  }
}
