import { nearest } from "../../../nearest.ts";
import { own } from "../../../own.ts";
import type { Problem } from "../../../problem.ts";
import { tlsOf } from "../../../tls.ts";
import { counted } from "../../../words.ts";
import { placedMachines, placement } from "../placement.ts";
import type { MetalRule } from "./rule.ts";

/* What the servers carry. */

const enoughServers: MetalRule = (spec, { servers }) => {
  const machines = placedMachines(spec);
  const cold = machines.filter(({ alone }) => alone).length;
  const nodes = machines.filter(({ slot, alone }) => slot === "node" && !alone).length;
  const balancers = machines.length - nodes - cold;
  const there = Object.keys(servers).length;
  const needed = Math.max(nodes, balancers) + cold;
  if (there >= needed) return [];
  const alone = cold === 0 ? "" : `, and a cold standby has one to itself (${cold})`;
  return [
    {
      code: "metal.too-few-servers",
      path: "platform.servers",
      message: `${counted(nodes, "node")} and ${counted(balancers, "balancer")} need ${counted(needed, "server")}, since each carries one node and one balancer at most${alone}; there ${there === 1 ? "is 1" : `are ${there}`}`,
      hint: "add servers, or plan fewer nodes",
    },
  ];
};

const assignedKnown: MetalRule = (spec, { servers, assign }) => {
  const machines = placedMachines(spec).map(({ key }) => key);
  const names = Object.keys(servers);
  const unknown = (path: string, what: string, name: string, known: readonly string[]): Problem => {
    const meant = nearest(name, known);
    return {
      code: "metal.assign-unknown",
      path,
      message: `there is no ${what} "${name}"`,
      hint: meant === null ? `use one of [${known.slice(0, 12).join(", ")}]` : `did you mean "${meant}"?`,
    };
  };
  return Object.entries(assign).flatMap(([machine, server]) => [
    ...(machines.includes(machine)
      ? []
      : [unknown(`platform.assign.${machine}`, "machine", machine, machines)]),
    ...(names.includes(server) ? [] : [unknown(`platform.assign.${machine}`, "server", server, names)]),
  ]);
};

const assignedOnce: MetalRule = (spec, { assign }) => {
  const taken = new Map<string, string>();
  return placedMachines(spec).flatMap(({ key, slot }): Problem[] => {
    const server = own(assign, key);
    if (server === undefined) return [];
    const other = taken.get(`${slot} ${server}`);
    taken.set(`${slot} ${server}`, other ?? key);
    if (other === undefined) return [];
    return [
      {
        code: "metal.assign-twice",
        path: `platform.assign.${key}`,
        message: `${server} is assigned to ${other} already, and carries one ${slot} at most`,
        hint: "name another server",
      },
    ];
  });
};

const balancersApart: MetalRule = (spec, { servers, assign }) => {
  const racks = new Set(Object.values(servers).flatMap(({ rack }) => rack ?? []));
  if (racks.size < 2) return [];
  const found = new Map<string, string>();
  return placedMachines(spec)
    .filter(({ slot, key }) => slot === "balancer" && Object.hasOwn(assign, key))
    .flatMap(({ key }): Problem[] => {
      const rack = own(servers, assign[key] ?? "")?.rack ?? null;
      if (rack === null) return [];
      const other = found.get(rack);
      found.set(rack, other ?? key);
      if (other === undefined || found.size >= racks.size) return [];
      return [
        {
          code: "metal.balancers-in-one-rack",
          path: `platform.assign.${key}`,
          message: `${other} stands in rack ${rack} as well, so the loss of that rack is the loss of the cluster`,
          hint: "assign it to a server in another rack",
        },
      ];
    });
};

/** Ports that balancers and wardens have on their servers besides, and the sample node for its faults. */
const besidesListeners = [9180, 9181, 9182, 9183];

/** A balancer listens on all addresses of its server. */
const portsApart: MetalRule = (spec, platform) => {
  const { balancer, pools } = spec;
  const tls = tlsOf(balancer);
  const plain = "listen" in balancer ? [balancer.listen.http] : [];
  const taken = [...plain, ...(tls === null ? [] : [tls.port]), ...besidesListeners];
  const servers = placement(spec, platform);
  const behind = new Set(
    placedMachines(spec).flatMap(({ key, slot }) => (slot === "balancer" ? (servers.get(key) ?? []) : [])),
  );
  return Object.entries(pools).flatMap(([name, { id, port }]) => {
    if (!taken.includes(port)) return [];
    const shared = placedMachines(spec).find(
      ({ key, group, slot }) => slot === "node" && group === id && behind.has(servers.get(key) ?? ""),
    );
    if (shared === undefined) return [];
    return [
      {
        code: "metal.port-shared",
        path: `pools.${name}.port`,
        message: `${port} is a port of the balancer, which stands on ${servers.get(shared.key)} beside ${shared.key}`,
        hint: "give the pool another port, or each of them a server of its own",
      },
    ];
  });
};

/** A cold standby is a server that something can switch on. */
const coldSwitched: MetalRule = (spec, platform) => {
  const { servers, assign } = platform;
  const controlled = Object.values(servers).filter(({ bmc }) => bmc !== null).length;
  const all = placedMachines(spec);
  const cold = all.filter(({ alone }) => alone);
  if (cold.length > controlled)
    return Object.entries(spec.pools)
      .filter(([, { standby }]) => standby.cold > 0)
      .map(([name]) => ({
        code: "metal.cold-without-controller",
        path: `pools.${name}.standby.cold`,
        message: `${counted(cold.length, "cold standby")} ${cold.length === 1 ? "needs a server" : "need as many servers"} that a management controller switches on; ${controlled === 0 ? "none has" : `${controlled} of ${Object.keys(servers).length} have`} one`,
        hint: "name the servers' bmc, or use hot standbys",
      }));
  const placed = placement(spec, platform);
  return cold.flatMap(({ key }): Problem[] => {
    const server = own(assign, key);
    if (server === undefined || !Object.hasOwn(servers, server) || placed.get(key) === server) return [];
    const sharing = all.find((other) => other.key !== key && own(assign, other.key) === server);
    return [
      {
        code: "metal.cold-not-alone",
        path: `platform.assign.${key}`,
        message:
          sharing === undefined
            ? `${server} has no bmc, and a cold standby is switched on by one`
            : `${server} is assigned to ${sharing.key} as well, and a cold standby is a server that is switched off`,
        hint: "name another server",
      },
    ];
  });
};

/** IPMI has neither certificates nor long passwords; who names one believes to be safe. */
const certificatesShown: MetalRule = (_, { servers }) =>
  Object.entries(servers)
    .filter(([, { bmc }]) => bmc?.kind === "ipmi" && bmc.certificate !== null)
    .map(([name]) => ({
      code: "metal.ipmi-certificate",
      path: `platform.servers.${name}.bmc.certificate`,
      message: "IPMI shows no certificate",
      hint: 'leave it out, or use kind "redfish" where the controller speaks it',
    }));

export const machineRules: readonly MetalRule[] = [
  enoughServers,
  assignedKnown,
  assignedOnce,
  balancersApart,
  portsApart,
  coldSwitched,
  certificatesShown,
];
