import fc from "fast-check";
import { checkStack } from "../../components/model/define.ts";
import type { StackInput } from "../../components/model/spec.ts";

/*
 * Random stacks that pass the model's rules, with more weight on what ends up in configuration files: paths, names,
 * limits, addresses.
 */

const milliseconds = (min: number, max: number) => fc.integer({ min, max }).map((n) => `${n} ms` as const);
const urlPath = fc
  .array(fc.stringMatching(/^[A-Za-z0-9._~!&'()*+,=:@-]{1,12}$/), { maxLength: 4 })
  .map((parts) => `/${parts.filter((part) => part !== "." && part !== "..").join("/")}`);
const rateLimit = fc.option(
  fc.record({ perSecond: fc.integer({ min: 1, max: 100_000 }), burst: fc.nat(1000) }),
);

const algorithm = fc.oneof(
  fc.constantFrom(
    ...(["weighted-round-robin", "round-robin", "least-connections", "two-choices", "ip-hash"] as const).map(
      (kind) => ({ kind }),
    ),
  ),
  fc
    .constantFrom("uri", "client-address", "header:X-User", "cookie:session_id")
    .map((key) => ({ kind: "consistent-hash", key }) as const),
);

const pool = fc.record(
  {
    active: fc.integer({ min: 1, max: 12 }),
    standby: fc.record({ hot: fc.nat(3), cold: fc.nat(3) }),
    algorithm,
    sticky: fc.option(
      fc.record(
        {
          cookie: fc.constantFrom("SERVER", "a_b-9"),
          lifetime: fc.option(fc.constantFrom("1 s", "8760 h")),
          secure: fc.constantFrom("auto", "never"),
          httpOnly: fc.boolean(),
          sameSite: fc.constantFrom("Strict", "Lax"),
        },
        { requiredKeys: [] },
      ),
    ),
    port: fc.integer({ min: 1, max: 65_535 }),
    weights: fc.integer({ min: 1, max: 1000 }).map((weight) => ({ "web-1": weight })),
    health: fc.record({
      path: urlPath,
      interval: milliseconds(200, 60_000),
      timeout: milliseconds(20, 199),
      fall: fc.integer({ min: 1, max: 20 }),
      rise: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { requiredKeys: ["active"] },
);

const route = fc.record(
  {
    path: urlPath,
    host: fc.option(
      fc.constantFrom("shop.test", "*.shop.test", "a-b.example.test", `${"long.".repeat(40)}test`),
    ),
    pool: fc.constantFrom("web", "api"),
    idempotent: fc.boolean(),
    connectTimeout: milliseconds(10, 60_000),
    readTimeout: milliseconds(50, 3_600_000),
    retryFor: milliseconds(0, 300_000),
    tries: fc.integer({ min: 1, max: 10 }),
    rateLimit,
    streaming: fc.boolean(),
  },
  { requiredKeys: ["path", "pool"] },
);

const tls = fc.option(
  fc.record(
    {
      port: fc.integer({ min: 1, max: 65_535 }),
      certificate: fc.oneof(
        fc.record({
          kind: fc.constant("self-signed" as const),
          names: fc.array(fc.constantFrom("localhost", "*.example.test", "10.1.2.3", "a-b.example.test"), {
            minLength: 1,
          }),
        }),
        fc.constant({ kind: "given", certificate: { secret: "crt" }, key: { secret: "key" } } as const),
      ),
      redirect: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
);

const balancer = fc.record(
  {
    kind: fc.constant("nginx" as const),
    count: fc.integer({ min: 1, max: 4 }),
    listen: fc.record({ http: fc.integer({ min: 1, max: 65_535 }), tls }),
    failover: fc.record(
      {
        advertise: milliseconds(10, 40_000),
        preempt: fc.boolean(),
        routerId: fc.integer({ min: 1, max: 255 }),
      },
      { requiredKeys: [] },
    ),
    bodyLimit: fc.constantFrom("1 KB", "1.5 MB", "10 GB"),
    rateLimit,
    trustedProxies: fc.array(fc.constantFrom("192.0.2.0/24", "0.0.0.0/0", "10.0.0.1/32")),
    cpus: fc.double({ min: 0.1, max: 64, noNaN: true }),
    memory: fc.constantFrom("64 MB", "256 MB", "3 GB", "64 GB"),
  },
  { requiredKeys: ["kind"] },
);

/** Stacks of one or two pools on Docker. Those that break a rule are left out. */
export const randomStack: fc.Arbitrary<StackInput> = fc
  .record(
    {
      name: fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/),
      environment: fc.constantFrom("development" as const, "staging" as const),
      platform: fc.constant({ kind: "docker" } as const),
      network: fc.record({
        subnet: fc.constantFrom("auto" as const, "10.77.2.0/23", "192.168.0.0/16", "10.0.0.0/20"),
      }),
      balancer,
      pools: fc.oneof(fc.record({ web: pool }), fc.record({ web: pool, api: pool })),
      routes: fc.uniqueArray(route, { maxLength: 5, selector: ({ path }) => path }),
    },
    { requiredKeys: ["name", "environment", "platform", "pools"] },
  )
  .filter((stack) => checkStack(stack).spec !== null) as fc.Arbitrary<StackInput>;
