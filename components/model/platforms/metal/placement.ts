import { nodeKeys } from "../../node-keys.ts";
import { own } from "../../own.ts";
import type { ClusterSpec, MetalSpec } from "../../spec.ts";

/*
 * Which machine stands on which server. A server carries at most one balancer and one node, so whoever has as many servers as
 * nodes, and as balancers, has room for all.
 */

/** Name of a server by a machine's key. */
export type Placement = ReadonlyMap<string, string>;

type Server = MetalSpec["servers"][string];
type Slot = "balancer" | "node";

interface Machine {
  readonly key: string;
  readonly slot: Slot;
  /** Machines of one group are kept apart: the balancers, the nodes of a pool. */
  readonly group: string;
}

/** Every machine of a cluster that a server carries: balancers first, then nodes in the stack's order. */
export function placedMachines({ balancer, pools }: Pick<ClusterSpec, "balancer" | "pools">): Machine[] {
  const balancers = Array.from({ length: balancer.count }, (_, index): Machine => {
    return { key: `lb-${index + 1}`, slot: "balancer", group: "lb" };
  });
  const nodes = Object.values(pools).flatMap((pool) =>
    nodeKeys(pool).map((key): Machine => ({ key, slot: "node", group: pool.id })),
  );
  return [...balancers, ...nodes];
}

/**
 * Places machines on servers: those that the stack assigns, then those that stand already where they stand, then the others,
 * spread over racks and feeds. So a server more moves nobody. There is one exception: balancers that share a rack come apart as soon as
 * there is a second one.
 *
 * @param placed where machines stand now
 * @returns without those for which there is no server
 */
export function placement(
  spec: Pick<ClusterSpec, "balancer" | "pools">,
  { servers, assign }: Pick<MetalSpec, "servers" | "assign">,
  placed: Readonly<Record<string, string>> = {},
): Placement {
  const room = new Room(servers);
  const machines = placedMachines(spec);
  for (const machine of machines) room.take(machine, own(assign, machine.key));
  for (const machine of machines) {
    const name = own(placed, machine.key);
    if (name !== undefined && !(machine.slot === "balancer" && room.couldPart(machine, name)))
      room.take(machine, name);
  }
  for (const machine of machines) room.take(machine, room.best(machine));
  // In the order of the machines, whatever it was that placed them.
  return new Map(
    machines.flatMap(({ key }) => {
      const name = room.placed.get(key);
      return name === undefined ? [] : [[key, name] as const];
    }),
  );
}

class Room {
  readonly placed = new Map<string, string>();
  readonly #servers: ReadonlyMap<string, Server>;
  /** Machines on a server. */
  readonly #on = new Map<string, Machine[]>();

  constructor(servers: MetalSpec["servers"]) {
    this.#servers = new Map(Object.entries(servers));
  }

  /** Does nothing for a machine that has a server, and for a server that isn't there or is taken. */
  take(machine: Machine, name: string | undefined): void {
    if (name === undefined || this.placed.has(machine.key) || !this.#isFree(machine, name)) return;
    this.placed.set(machine.key, name);
    this.#on.set(name, [...(this.#on.get(name) ?? []), machine]);
  }

  /** The server that a machine is best put on; the first of equals. */
  best(machine: Machine): string | undefined {
    const [first] = [...this.#servers.keys()]
      .filter((name) => this.#isFree(machine, name))
      .map((name, index) => ({ name, cost: [...this.#cost(machine, name), index] }))
      .sort((a, b) => compare(a.cost, b.cost));
    return first?.name;
  }

  /** Whether a server is in a rack where a peer stands, though there is a free one in another rack. */
  couldPart(machine: Machine, name: string): boolean {
    const shares = (candidate: string) => this.#peers(machine, candidate, "rack") > 0;
    return (
      shares(name) &&
      [...this.#servers.keys()].some((other) => this.#isFree(machine, other) && !shares(other))
    );
  }

  #isFree({ slot }: Machine, name: string): boolean {
    return this.#servers.has(name) && !(this.#on.get(name) ?? []).some((other) => other.slot === slot);
  }

  /** Balancers come apart first of all; nodes stand alone where they can, and then apart. */
  #cost(machine: Machine, name: string): number[] {
    const crowd = this.#on.get(name)?.length ?? 0;
    const apart = [this.#peers(machine, name, "rack"), this.#peers(machine, name, "feed")];
    return machine.slot === "balancer" ? [...apart, crowd] : [crowd, ...apart];
  }

  /** Machines of the same group in the same rack, or on the same feed; nothing is known of servers that name none. */
  #peers({ group }: Machine, name: string, of: "rack" | "feed"): number {
    const mine = this.#servers.get(name)?.[of] ?? null;
    if (mine === null) return 0;
    return [...this.#on].filter(
      ([other, machines]) =>
        this.#servers.get(other)?.[of] === mine && machines.some((machine) => machine.group === group),
    ).length;
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
