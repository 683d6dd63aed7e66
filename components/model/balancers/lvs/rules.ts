import { platformTraits } from "../../platforms/select.ts";
import type { Problem } from "../../problem.ts";
import type { Rule } from "../../rules/rule.ts";
import type { ClusterSpec, LvsSpec } from "../../spec.ts";
import { aboutKnownFields } from "../../unknown.ts";

/** A rule about a stack with this tier. */
type LvsRule = (balancer: LvsSpec, spec: ClusterSpec) => Problem[];

/** A rule about one service; paths start with the service's. */
type ServiceRule = (service: LvsSpec["services"][number], path: string, spec: ClusterSpec) => Problem[];

/** Silent where the platform could never take it, which a rule of the platform says. */
const directorsThere: LvsRule = ({ kind, forwarding }, { platform }) => {
  const { directors, deliversByMac } = platformTraits(platform.kind);
  if (directors || (forwarding === "dr" && !deliversByMac)) return [];
  return [
    {
      code: "balancer.not-built",
      path: "balancer.kind",
      message: `"${kind}" is not built yet for the platform "${platform.kind}"`,
      hint: 'use { kind: "nginx" } there, or the platform { kind: "docker" }',
    },
  ];
};

export const forwardingBuilt = (forwarding: LvsSpec["forwarding"]): Problem[] =>
  forwarding === "dr"
    ? []
    : [
        {
          code: "balancer.forwarding-not-built",
          path: "balancer.forwarding",
          message: `"${forwarding}" is part of the stack's shape but not built yet`,
          hint: 'use "dr"',
        },
      ];

const somethingServed: LvsRule = ({ services }) =>
  services.length > 0
    ? []
    : [
        {
          code: "balancer.no-services",
          path: "balancer.services",
          message: "there is no service, so clients would reach nothing",
          hint: 'add one, e.g. { port: 5432, protocol: "tcp", pool: "db" }',
        },
      ];

const poolsServed: LvsRule = ({ services }, { pools }) => {
  const served = new Set(services.map(({ pool }) => pool));
  return Object.entries(pools)
    .filter(([name]) => services.length > 0 && !served.has(name))
    .map(([name, { port }]) => ({
      code: "pool.unserved",
      path: `pools.${name}`,
      message: "no service leads to it, so its nodes would stand idle",
      hint: `add { port: ${port}, pool: "${name}" } to balancer.services`,
    }));
};

const hashedByClient: LvsRule = (_, { pools }) =>
  Object.entries(pools).flatMap(([name, { algorithm }]) =>
    "key" in algorithm && algorithm.key !== "client-address"
      ? [
          {
            code: "pool.key-unread",
            path: `pools.${name}.algorithm.key`,
            message: `"${algorithm.key}" stands in requests, which directors don't read`,
            hint: 'use "client-address"',
          },
        ]
      : [],
  );

/** gRPC over TLS and certificates are read by nginx as it sends requests on, which a director's does not. */
const checkBuilt: LvsRule = (_, { pools }) =>
  Object.entries(pools).flatMap(([name, { health, tls }]) => [
    ...(health.protocol === "grpc" && tls !== null
      ? [
          {
            code: "pool.check-not-built",
            path: `pools.${name}.tls`,
            message: "directors don't check gRPC over TLS yet",
            hint: 'set health.protocol to "tcp", which makes the TLS handshake, or tls to null',
          },
        ]
      : []),
    ...(tls !== null && tls.authority !== null
      ? [
          {
            code: "pool.check-not-built",
            path: `pools.${name}.tls.authority`,
            message: "directors don't verify the nodes' certificates yet",
            hint: "set it to null: checks make the handshake with whatever certificate is shown",
          },
        ]
      : []),
  ]);

const poolExists: ServiceRule = ({ pool }, path, { pools }) =>
  Object.hasOwn(pools, pool)
    ? []
    : [
        {
          code: "service.unknown-pool",
          path: `${path}.pool`,
          message: `there is no pool "${pool}"`,
          hint: `use one of [${Object.keys(pools).join(", ")}]`,
        },
      ];

/** Direct routing changes a packet's MAC address and nothing else (ipvsadm(8), --gatewaying). */
const portUnchanged: ServiceRule = ({ port, pool }, path, { pools }) => {
  const known = Object.hasOwn(pools, pool) ? pools[pool] : undefined;
  return known === undefined || known.port === port
    ? []
    : [
        {
          code: "service.port-changed",
          path: `${path}.port`,
          message: `${port} would have to become ${known.port}, where the nodes of "${pool}" listen, and direct routing changes no port`,
          hint: `set pools.${pool}.port to ${port}, or this port to ${known.port}`,
        },
      ];
};

const serviceUnique: ServiceRule = ({ port, protocol }, path, { balancer }) => {
  const services = balancer.kind === "lvs" ? balancer.services : [];
  const first = services.findIndex((other) => other.port === port && other.protocol === protocol);
  return path === `balancer.services[${first}]`
    ? []
    : [
        {
          code: "service.twice",
          path: `${path}.port`,
          message: `${port} by ${protocol} is already taken by balancer.services[${first}]`,
          hint: "remove one of them",
        },
      ];
};

const serviceRules: readonly ServiceRule[] = [poolExists, portUnchanged, serviceUnique];

const eachService: LvsRule = ({ services }, spec) =>
  services.flatMap((service, index) =>
    serviceRules.flatMap((rule) =>
      aboutKnownFields(() => rule(service, `balancer.services[${index}]`, spec)),
    ),
  );

const rules: readonly LvsRule[] = [
  directorsThere,
  ({ forwarding }) => forwardingBuilt(forwarding),
  somethingServed,
  poolsServed,
  hashedByClient,
  checkBuilt,
  eachService,
];

export const lvsRules: readonly Rule[] = rules.map(
  (rule): Rule =>
    (spec) =>
      spec.balancer.kind === "lvs" ? rule(spec.balancer, spec) : [],
);
