import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { clientHeaders } from "../../components/model/balancers/nginx/client-headers.ts";
import { checkStack } from "../../components/model/define.ts";
import type { StackInput } from "../../components/model/spec.ts";
import { fitting } from "./fitting-stacks.ts";

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

/** A certificate that has signed itself: real parsers read it. */
const authority = readFileSync(join(import.meta.dirname, "../fixtures/authority.crt"), "utf8");

const nodeTls = fc.option(
  fc.oneof(
    fc.record({
      name: fc.constantFrom("nodes.internal", "a-b.example.test"),
      authority: fc.constant(authority),
    }),
    fc.record({ name: fc.option(fc.constant("nodes.internal")) }),
  ),
);

const health = fc.record(
  {
    path: urlPath,
    protocol: fc.constantFrom("http", "grpc"),
    service: fc.constantFrom("", "", "shop.Orders"),
    host: fc.option(fc.constantFrom("shop.test", "shop.test:8080", "10.0.0.1")),
    headers: fc.dictionary(fc.stringMatching(/^X-[A-Za-z0-9-]{1,12}$/), fc.stringMatching(/^[ -~]{0,20}$/), {
      maxKeys: 3,
    }),
    interval: milliseconds(200, 60_000),
    timeout: milliseconds(20, 199),
    fall: fc.integer({ min: 1, max: 20 }),
    rise: fc.integer({ min: 1, max: 20 }),
    startup: milliseconds(1000, 3_600_000),
  },
  { requiredKeys: [] },
);

const pool = fc.record(
  {
    id: fc.constantFrom("old-web", "shop"),
    image: fc.constantFrom(
      { kind: "sample" } as const,
      { kind: "reference", reference: "acme/api:1.4.2" } as const,
      { kind: "reference", reference: "acme/api:2" } as const,
    ),
    protocol: fc.constantFrom("http", "http", "grpc"),
    tls: nodeTls,
    keepAlive: milliseconds(100, 3_600_000),
    retryBudget: fc.oneof(fc.constantFrom(0, 0.2, 10), fc.double({ min: 0, max: 10, noNaN: true })),
    cpus: fc.constantFrom(0.05, 0.5, 3.3),
    memory: fc.constantFrom("16 MB", "128 MB", "2 GB"),
    environment: fc.dictionary(
      fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
      fc.oneof(fc.string({ maxLength: 12 }), fc.constant({ secret: "token" })),
      { maxKeys: 3 },
    ),
    readOnly: fc.boolean(),
    command: fc.option(fc.array(fc.stringMatching(/^[ -~]{1,12}$/), { minLength: 1, maxLength: 3 })),
    user: fc.option(fc.constantFrom("app", "33:33")),
    capabilities: fc.subarray(["NET_BIND_SERVICE", "SYS_NICE"]),
    shm: fc.option(fc.constantFrom("64 KB", "8 MB")),
    tmpfs: fc.dictionary(fc.constantFrom("/var/cache/app", "/run/app"), fc.constantFrom("64 KB", "4 MB")),
    ulimits: fc.dictionary(fc.constantFrom("nofile", "core"), fc.constantFrom(-1, 1024)),
    stopGrace: milliseconds(0, 600_000),
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
    weight: fc.integer({ min: 1, max: 1000 }),
    health,
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
    patience: fc.oneof(fc.constant("learned" as const), milliseconds(50, 3_600_000)),
    readTimeout: milliseconds(50, 3_600_000),
    bodyLimit: fc.option(fc.constantFrom("1 KB", "20 MB", "10 GB")),
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
      strictTransport: fc.oneof(
        fc.constantFrom("auto" as const, null),
        fc.record(
          {
            maxAge: fc.constantFrom("1 s", "8760 h", "17520 h"),
            subdomains: fc.boolean(),
            preload: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  ),
);

const doorPort = fc.oneof(fc.constant("auto" as const), fc.integer({ min: 1, max: 65_535 }));

const headers = fc.record(
  {
    requestLimit: fc.constantFrom("4 KB", "16 KB", "64 KB"),
    answerLimit: fc.constantFrom("4 KB", "12345 B", "64 KB"),
    fromClient: fc.subarray([...clientHeaders]),
    underscores: fc.boolean(),
    security: fc.boolean(),
  },
  { requiredKeys: [] },
);

const connections = fc.record(
  {
    perAddress: fc.option(fc.integer({ min: 16, max: 65_535 })),
    bodiesPerAddress: fc.option(fc.integer({ min: 1, max: 65_535 })),
  },
  { requiredKeys: [] },
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
    door: fc.record({ http: doorPort, tls: doorPort }, { requiredKeys: [] }),
    bodyLimit: fc.constantFrom("1 KB", "1.5 MB", "10 GB"),
    compression: fc.constantFrom(true, false, "gzip"),
    paths: fc.constantFrom("strict", "any"),
    headers,
    connections,
    logs: fc.record({ arguments: fc.boolean() }),
    rateLimit,
    trustedProxies: fc.array(fc.constantFrom("192.0.2.0/24", "0.0.0.0/0", "10.0.0.1/32")),
    cpus: fc.double({ min: 0.1, max: 64, noNaN: true }),
    memory: fc.constantFrom("64 MB", "256 MB", "3 GB", "64 GB"),
  },
  { requiredKeys: ["kind"] },
);

const warden = fc.record(
  {
    enabled: fc.boolean(),
    openToNodes: fc.boolean(),
    coldAfter: milliseconds(0, 3_600_000),
    calm: milliseconds(500, 3_600_000),
    limit: fc.nat(200),
    restart: fc.record(
      {
        after: milliseconds(0, 3_600_000),
        unhealthyAfter: milliseconds(1000, 3_600_000),
        tries: fc.integer({ min: 1, max: 100 }),
        backoff: milliseconds(100, 3_600_000),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const rollout = fc.record(
  {
    patience: milliseconds(1000, 3_600_000),
    step: milliseconds(500, 3_600_000),
    drain: milliseconds(0, 3_600_000),
  },
  { requiredKeys: [] },
);

/** Stacks of one or two pools on Docker. What breaks a rule is made to fit it or left out. */
export const randomStack: fc.Arbitrary<StackInput> = fc
  .record(
    {
      name: fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/),
      environment: fc.constantFrom("development" as const, "staging" as const),
      platform: fc.constant({ kind: "docker" } as const),
      id: fc.constantFrom("before", "shop"),
      warden,
      rollout,
      protect: fc.boolean(),
      acknowledge: fc.subarray([{ code: "pool.no-cover", reason: "random as all of it" }]),
      network: fc.record({
        subnet: fc.constantFrom("auto" as const, "10.77.2.0/23", "192.168.0.0/16", "10.0.0.0/20"),
      }),
      balancer,
      pools: fc.oneof(fc.record({ web: pool }), fc.record({ web: pool, api: pool })),
      routes: fc.uniqueArray(route, { maxLength: 5, selector: ({ path }) => path }),
    },
    { requiredKeys: ["name", "environment", "platform", "pools"] },
  )
  .map(fitting)
  .filter((stack) => checkStack(stack).spec !== null) as fc.Arbitrary<StackInput>;
