import fc from "fast-check";
import { checkStack } from "../../components/model/define.ts";
import type { StackInput } from "../../components/model/spec.ts";

/*
 * Random stacks behind directors that pass the model's rules.
 */

const schedulers = ["mh", "algorithm", "rr", "wrr", "lc", "wlc", "sh", "sed", "nq", "lblc"] as const;
const checks = ["http", "grpc", "tcp", "udp", "dns", "mysql", "postgres"] as const;
const algorithms = ["weighted-round-robin", "round-robin", "least-connections", "ip-hash"] as const;

const pool = fc.record({
  port: fc.integer({ min: 1, max: 65_535 }),
  active: fc.integer({ min: 1, max: 12 }),
  hot: fc.nat(2),
  cold: fc.nat(2),
  check: fc.constantFrom(...checks),
  algorithm: fc.constantFrom(...algorithms),
  tls: fc.boolean(),
  scheduler: fc.constantFrom(...schedulers),
  protocols: fc.constantFrom(["tcp"] as const, ["udp"] as const, ["tcp", "udp"] as const),
  persistence: fc.option(fc.integer({ min: 1, max: 86_400 })),
});

/** Pools at ports of their own: direct routing changes none. */
const pools = fc.uniqueArray(pool, { minLength: 1, maxLength: 4, selector: ({ port }) => port });

export const randomLvsStack: fc.Arbitrary<StackInput & { name: string }> = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,14}[a-z0-9]$/),
    pools,
    count: fc.integer({ min: 1, max: 4 }),
    advertise: fc.integer({ min: 10, max: 40_000 }),
    routerId: fc.integer({ min: 1, max: 255 }),
    preempt: fc.boolean(),
    drain: fc.integer({ min: 1, max: 60 }),
  })
  .map(
    ({ name, pools: list, count, advertise, routerId, preempt, drain }) =>
      ({
        name,
        environment: "development",
        platform: { kind: "docker" },
        network: { subnet: "10.77.2.0/23" },
        rollout: { drain: `${drain} s` },
        balancer: {
          kind: "lvs",
          count,
          failover: { advertise: `${advertise} ms`, routerId, preempt },
          services: list.flatMap(({ port, protocols, scheduler, persistence }, index) =>
            protocols.map((protocol) => ({
              port,
              protocol,
              scheduler,
              pool: `p${index}`,
              persistence: persistence === null ? null : `${persistence} s`,
            })),
          ),
        },
        pools: Object.fromEntries(
          list.map(({ port, active, hot, cold, check, algorithm, tls }, index) => [
            `p${index}`,
            {
              port,
              active,
              standby: { hot, cold },
              algorithm: { kind: algorithm },
              health: { protocol: check },
              tls: tls && check !== "grpc" ? {} : null,
            },
          ]),
        ),
      }) as unknown as StackInput & { name: string },
  )
  .filter((stack) => checkStack(stack).spec !== null);
