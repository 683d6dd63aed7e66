import type { WardenLogEvent } from "../../scripts/events/sentence.ts";
import { readCounts } from "../../scripts/live/figures.ts";
import type { LiveSource } from "../../scripts/live/source.ts";
import { readBalancerStatus } from "../../scripts/status/balancer-status.ts";
import { statusOf } from "../../scripts/status/cluster-status.ts";
import { planAny } from "./plan-any.ts";
import { small } from "./small.ts";

/** A cluster for the page of `live` whose every machine does what a test says. */
export class FakeCluster implements LiveSource {
  readonly plan;
  /** Nodes whose checks fail, and machines that don't run. */
  readonly ill = new Set<string>();
  readonly stopped = new Set<string>();
  trouble: string | null = null;
  lines: readonly string[] = ["GET / 200"];
  closed = false;
  #asked = 0;
  #take: (event: WardenLogEvent) => void = () => {};

  /** @param active how many nodes serve */
  constructor(active: number) {
    const stack = {
      network: { subnet: "10.64.0.0/19" },
      pools: { web: { active, standby: { hot: 1, cold: 1 } } },
    };
    this.plan = planAny(small(stack) as never);
  }

  /** Each look, every node has been asked ten times more, and one answer of a hundred took half a second. */
  readonly look = async () => {
    if (this.trouble !== null) throw new Error(this.trouble);
    this.#asked += 10;
    const serving = (key: string) => !this.ill.has(key) && !this.stopped.has(key);
    const members = this.plan.nodes.map(({ key, role, weight }) => ({
      key,
      role,
      weight,
      healthy: role === "cold" ? null : serving(key),
      inRotation: role === "active" && serving(key),
      inFlight: 1,
      requests: role === "active" ? this.#asked : 0,
      failures: 0,
    }));
    const count = this.#asked * this.plan.nodes.length;
    const answers = { count, errors: count / 10, latency: { "0.001": count * 0.98, "0.5": count * 0.02 } };
    const said = {
      revision: "1",
      pools: { web: { algorithm: { kind: "round-robin" }, members, answers } },
    };
    const balancers = this.plan.balancers.map(
      ({ key }, index) => [key, { ...said, holdsVirtualAddress: index === 0 }] as const,
    );
    const { balancers: pair, nodes, wardens, door, filter } = this.plan;
    const keys = [...pair, ...nodes, ...wardens, ...[door, filter].filter((one) => one !== null)].map(
      ({ key }) => key,
    );
    const cold = new Set(this.plan.nodes.filter(({ role }) => role === "cold").map(({ key }) => key));
    const status = statusOf("test", this.plan, {
      machines: new Map(
        keys.map((key) => {
          const running = !this.stopped.has(key) && !cold.has(key);
          return [
            key,
            {
              running,
              state: running ? "running" : cold.has(key) ? "created" : "exited",
              exitCode: running ? null : 137,
            },
          ];
        }),
      ),
      balancers: new Map(balancers.map(([key, status]) => [key, readBalancerStatus(status)])),
    });
    const counts = balancers.slice(0, 1).flatMap(([key, status]) => {
      const read = readCounts(status);
      return read === null ? [] : [[key, read] as const];
    });
    return { status, counts: new Map(counts) };
  };

  readonly events = (take: (event: WardenLogEvent) => void): void => {
    this.#take = take;
  };

  /** A warden says something. */
  say(event: string, node: string, why: string, time = new Date()): void {
    this.#take({ schema: 1, time: time.toISOString(), warden: "warden-1", event, node, pool: "web", why });
  }

  readonly detail = async (machine: string) => {
    if (!this.plan.nodes.some(({ key }) => key === machine)) throw new Error(`${machine} is not there`);
    return { facts: [["exit code", "137, killed for want of memory"] as const], lines: this.lines };
  };

  readonly close = (): void => {
    this.closed = true;
  };
}
