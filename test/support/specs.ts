import fc from "fast-check";
import { formatSubnet } from "../../components/model/ip.ts";
import { addressesPerRole, derivedPrefix, maximumPools, prefixRange } from "../../components/model/layout.ts";
import type { StackInput } from "../../components/model/spec.ts";
import type { Duration, Size } from "../../components/model/units.ts";

/*
 * Stacks for property tests. `arbitraryStack` makes any stack that the model accepts, all fields varied. Sizes stay small, so that thousands are quick.
 */

type PoolInput = StackInput["pools"][string];
type NginxInput = Extract<NonNullable<StackInput["balancer"]>, { kind: "nginx" }>;
type RouteInput = NonNullable<StackInput["routes"]>[number];
type Environment = StackInput["environment"];

const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const middle = [...letters, ..."0123456789-"];

/** A name as the model takes it, at most `maximum` long. */
function arbitraryLabel(maximum: number): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(...letters),
      fc.string({ unit: fc.constantFrom(...middle), maxLength: maximum - 2 }),
      fc.constantFrom("", ...letters, "7"),
    )
    .map((parts) => parts.join("").replace(/-+$/, ""));
}

const poolName = arbitraryLabel(16).filter((name) => !/^(lb|door)$|-(hot|cold)$/.test(name));

const milliseconds = { ms: 1, s: 1000, min: 60_000 } as const;

/** A time span from `low` to `high` milliseconds, in any unit that says it in a few digits. */
function duration(low: number, high: number): fc.Arbitrary<Duration> {
  return fc
    .tuple(fc.integer({ min: low, max: high }), fc.constantFrom("ms", "s", "min"))
    .map(([amount, unit]): Duration => {
      const inUnit = amount / milliseconds[unit];
      return String(inUnit).length <= 6 ? `${inUnit} ${unit}` : `${amount} ms`;
    });
}

function size(lowKilobytes: number, highKilobytes: number): fc.Arbitrary<Size> {
  return fc
    .integer({ min: lowKilobytes, max: highKilobytes })
    .map((amount): Size => (amount % 1024 === 0 ? `${amount / 1024} MB` : `${amount} KB`));
}

/** None of those that balancers use themselves. */
const port = fc.integer({ min: 1, max: 65_535 }).filter((value) => ![9180, 9182].includes(value));

const rateLimit = fc.record(
  { perSecond: fc.integer({ min: 1, max: 100_000 }), burst: fc.integer({ min: 0, max: 100_000 }) },
  { requiredKeys: ["perSecond"] },
);

/** A subnet that the layout works for, in one of the private ranges. */
const subnet = fc
  .tuple(
    // Larger ones are outside some of these ranges.
    fc.integer({ min: 16, max: prefixRange.longest }),
    fc.constantFrom(10 * 2 ** 24, 172 * 2 ** 24 + 16 * 2 ** 16, 192 * 2 ** 24 + 168 * 2 ** 16),
    fc.nat(0xffff),
  )
  .map(([prefix, range, offset]) => {
    const step = 2 ** (32 - prefix);
    return { prefix, text: formatSubnet({ base: range + Math.floor(offset / step) * step, prefix }) };
  });

const certificate = fc.oneof(
  fc.record(
    {
      kind: fc.constant("self-signed" as const),
      names: fc.uniqueArray(
        fc.constantFrom("localhost", "www.example.test", "*.example.test", "a-b.test", "192.0.2.7"),
        { minLength: 1 },
      ),
    },
    { requiredKeys: ["kind"] },
  ),
  fc.constant({ kind: "given" as const, certificate: { secret: "tls-chain" }, key: { secret: "tlsKey" } }),
);

/** Two different ports of the balancers, or a plain one only. */
const listen = fc
  .tuple(
    fc.uniqueArray(port, { minLength: 2, maxLength: 2 }),
    fc.option(fc.record({ certificate, redirect: fc.boolean() }, { requiredKeys: [] })),
  )
  .map(([[http = 80, tls = 443], settings]) => ({
    http,
    tls: settings === null ? null : { ...settings, port: tls },
  }));

const door = fc
  .uniqueArray(port, { minLength: 2, maxLength: 2 })
  .chain(([http = 8080, tls = 8443]) =>
    fc.constantFrom(
      {},
      { http: "auto" as const },
      { http, tls },
      { http, tls: "auto" as const },
      { http: "auto" as const, tls },
    ),
  )
  // A port that `auto` could derive as well would make the two meet for some owners.
  .filter(
    (ports) => !Object.values(ports).some((value) => Number(value) >= 20_000 && Number(value) < 30_000),
  );

function balancer(environment: Environment): fc.Arbitrary<NginxInput> {
  const production = environment === "production";
  const failover = fc.record(
    {
      advertise: duration(production ? 50 : 10, 40_000),
      preempt: fc.boolean(),
      routerId: fc.integer({ min: 1, max: 255 }),
    },
    { requiredKeys: [] },
  );
  return (
    fc
      .record(
        {
          kind: fc.constant("nginx" as const),
          count: fc.integer({ min: production ? 2 : 1, max: 4 }),
          listen,
          door,
          failover,
          bodyLimit: size(1, 10 * 1024 ** 2),
          rateLimit: fc.option(rateLimit),
          trustedProxies: fc.uniqueArray(fc.constantFrom("192.0.2.0/24", "198.51.100.7/32", "10.0.0.0/8")),
          cpus: fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 10),
          memory: size(5 * 32 * 1024, 1024 ** 2),
        },
        { requiredKeys: ["kind", "count"] },
      )
      .map((tier) =>
        tier.count === 1 && tier.failover?.preempt === true
          ? { ...tier, failover: { ...tier.failover, preempt: false } }
          : tier,
      )
      // The default of 256 MB holds the workers of seven cores.
      .map((tier) => (tier.memory === undefined ? { ...tier, cpus: Math.min(tier.cpus ?? 1, 4) } : tier))
  );
}

/** How many nodes of each role; small, with the largest that fit among them. */
function counts(prefix: number) {
  const upTo = (role: "active" | "hot" | "cold", from: number) =>
    fc.integer({ min: from, max: Math.min(addressesPerRole(prefix, role), role === "active" ? 12 : 4) });
  return fc.record({ active: upTo("active", 1), hot: upTo("hot", 0), cold: upTo("cold", 0) });
}

const unweighted = fc.constantFrom({ kind: "round-robin" as const }, { kind: "ip-hash" as const });
const weighted = fc.constantFrom(
  { kind: "weighted-round-robin" as const },
  { kind: "least-connections" as const },
  { kind: "two-choices" as const },
  { kind: "consistent-hash" as const, key: "uri" as const },
  { kind: "consistent-hash" as const, key: "client-address" as const },
  { kind: "consistent-hash" as const, key: "header:X-User-Id" as const },
  { kind: "consistent-hash" as const, key: "cookie:session_id" as const },
);

const health = fc
  .tuple(
    duration(50, 60_000),
    duration(20, 50),
    fc.record(
      {
        path: fc.constantFrom("/", "/readyz", "/a%20b/~c!&'()*+,=:@"),
        fall: fc.integer({ min: 1, max: 20 }),
        rise: fc.integer({ min: 1, max: 20 }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([interval, timeout, rest]) => ({ interval, timeout, ...rest }));

const image = fc.oneof(
  fc.constant({ kind: "sample" as const }),
  fc.constantFrom("ghcr.io/acme/api:1.4.2", "nginx", "a@sha256:0123456789abcdef").map((reference) => ({
    kind: "reference" as const,
    reference,
  })),
  fc.constant({ kind: "build" as const, context: "infra/runtime/node" }),
);

const sticky = fc.record(
  {
    lifetime: fc.option(duration(1000, 86_400_000)),
    secure: fc.constantFrom("auto" as const, "never" as const),
    httpOnly: fc.boolean(),
    sameSite: fc.constantFrom("Strict" as const, "Lax" as const),
  },
  { requiredKeys: [] },
);

const environmentVariables = fc.dictionary(
  fc.constantFrom("LOG_LEVEL", "_x", "Region9", "EMPTY", "DATABASE_URL"),
  fc.oneof(fc.string(), fc.constant({ secret: "database-url" })),
  { noNullPrototype: true },
);

function pool(name: string, prefix: number): fc.Arbitrary<PoolInput> {
  return counts(prefix).chain(({ active, hot, cold }) => {
    const keys = [
      ...Array.from({ length: active }, (_, index) => `${name}-${index + 1}`),
      ...Array.from({ length: hot }, (_, index) => `${name}-hot-${index + 1}`),
    ];
    const weights = fc
      .uniqueArray(fc.constantFrom(...keys))
      .chain((chosen) =>
        fc
          .array(fc.integer({ min: 1, max: 1000 }), { minLength: chosen.length, maxLength: chosen.length })
          .map((values) => Object.fromEntries(chosen.map((key, index) => [key, values[index] ?? 1]))),
      );
    const sharing = fc.oneof(
      unweighted.map((algorithm) => ({ algorithm })),
      fc.record({ algorithm: weighted, weights }, { requiredKeys: [] }),
    );
    const rest = fc.record(
      {
        image,
        port,
        health,
        cpus: fc.integer({ min: 1, max: 1280 }).map((twentieths) => twentieths / 20),
        memory: size(16 * 1024, 1024 ** 2),
        environment: environmentVariables,
        sticky: fc.option(sticky),
        retryBudget: fc.double({ min: 0, max: 10, noNaN: true }),
        stopGrace: duration(0, 600_000),
      },
      { requiredKeys: [] },
    );
    return fc
      .tuple(sharing, rest)
      .map(([share, others]) => ({ active, standby: { hot, cold }, ...share, ...others }));
  });
}

const routePath = fc
  .array(
    fc.constantFrom("api", "v1", "a-b", "x.y", "~me", "caf%C3%A9", "a%20b", "(1)", "it's", "@me", "k=v,w"),
    {
      maxLength: 4,
    },
  )
  .chain((parts) =>
    fc.constantFrom(`/${parts.join("/")}`, parts.length === 0 ? "/" : `/${parts.join("/")}/`),
  );

function route(pools: readonly string[], path: string, reached?: string): fc.Arbitrary<RouteInput> {
  return fc
    .record(
      {
        pool: reached === undefined ? fc.constantFrom(...pools) : fc.constant(reached),
        idempotent: fc.boolean(),
        connectTimeout: duration(10, 60_000),
        patience: fc.constantFrom("learned" as const, "50 ms" as const),
        readTimeout: duration(50, 3_600_000),
        retryFor: fc.oneof(fc.constant("0 s" as const), duration(60_000, 300_000)),
        tries: fc.integer({ min: 1, max: 10 }),
        bodyLimit: fc.option(size(1, 1024 ** 2)),
        rateLimit: fc.option(rateLimit),
        streaming: fc.boolean(),
      },
      { requiredKeys: ["pool", "retryFor"] },
    )
    .map((rest) => ({ path, ...rest }));
}

/** Routes that reach every pool: one to each, and more to any. */
function routes(pools: readonly string[]): fc.Arbitrary<RouteInput[]> {
  return fc
    .uniqueArray(routePath, { minLength: pools.length, maxLength: pools.length + 3 })
    .chain((paths) => fc.tuple(...paths.map((path, index) => route(pools, path, pools[index]))));
}

/** Any stack that the model accepts and this version builds. */
export function arbitraryStack(): fc.Arbitrary<StackInput> {
  return fc
    .tuple(
      fc.constantFrom<Environment>("development", "staging", "production"),
      fc.option(subnet),
      fc.uniqueArray(poolName, { minLength: 1, maxLength: maximumPools }),
    )
    .chain(([environment, network, names]) =>
      fc
        .record({
          name: arbitraryLabel(24),
          balancer: fc.option(balancer(environment), { nil: undefined }),
          pools: fc.tuple(...names.map((name) => pool(name, network?.prefix ?? derivedPrefix))),
          routes: routes(names),
          protect: fc.boolean(),
          acknowledge: fc.subarray([
            { code: "platform.docker-single-host", reason: "a stack that never runs" },
            { code: "pool.no-cover", reason: "a stack that never runs" },
          ]),
        })
        .map(({ balancer: tier, pools, protect, ...rest }) => ({
          ...rest,
          environment,
          platform: { kind: "docker" as const },
          ...(network === null ? {} : { network: { subnet: network.text } }),
          ...(tier === undefined ? {} : { balancer: tier }),
          pools: Object.fromEntries(pools.map((value, index) => [names[index], value])),
          protect: protect || environment === "production",
        })),
    );
}
