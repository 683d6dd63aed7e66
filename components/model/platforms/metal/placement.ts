import { nodeKey, nodeKeys } from "../../node-keys.ts";
import { own } from "../../own.ts";
import type { ClusterSpec, MetalSpec } from "../../spec.ts";

/*
 * Which machine stands on which server. A server carries at most one balancer and one node; but a cold standby is a server that is
 * switched off, so it has one to itself that a controller can switch on.
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
  /** A cold standby: nothing else is on its server. */
  readonly alone: boolean;
}

/** Every machine of a cluster that a server carries: balancers first, then nodes in the stack's order. */
export function placedMachines({ balancer, pools }: Pick<ClusterSpec, "balancer" | "pools">): Machine[] {
  const balancers = Array.from({ length: balancer.count }, (_, index): Machine => {
    return { key: `lb-${index + 1}`, slot: "balancer", group: "lb", alone: false };
  });
  const nodes = Object.values(pools).flatMap((pool) => {
    const cold = Array.from({ length: pool.standby.cold }, (_, index) => nodeKey(pool.id, "cold", index + 1));
    return nodeKeys(pool).map(
      (key): Machine => ({ key, slot: "node", group: pool.id, alone: cold.includes(key) }),
    );
  });
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
  // Who needs a server alone chooses before the others have spread over all of them.
  for (const alone of [true, false])
    for (const machine of machines.filter((one) => one.alone === alone))
      room.take(machine, room.best(machine));
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

  #isFree({ slot, alone }: Machine, name: string): boolean {
    const server = this.#servers.get(name);
    const others = this.#on.get(name) ?? [];
    if (server === undefined) return false;
    if (alone) return others.length === 0 && server.bmc !== null;
    return !others.some((other) => other.alone || other.slot === slot);
  }

  /** Balancers come apart first of all; nodes stand alone where they can, and then apart. */
  #cost(machine: Machine, name: string): number[] {
    // Out of the rack with the most servers, and the last of them: the first ones are for who serves.
    if (machine.alone) return [-this.#free(this.#servers.get(name)?.rack ?? null), -this.#place(name)];
    const crowd = this.#on.get(name)?.length ?? 0;
    const apart = [this.#peers(machine, name, "rack"), this.#peers(machine, name, "feed")];
    return machine.slot === "balancer" ? [...apart, crowd] : [crowd, ...apart];
  }

  /** Servers of a rack that carry nothing yet. */
  #free(rack: string | null): number {
    return [...this.#servers].filter(([name, server]) => server.rack === rack && !this.#on.has(name)).length;
  }

  #place(name: string): number {
    return [...this.#servers.keys()].indexOf(name);
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
