import { describe, expect, test } from "vitest";
import { checkStack } from "../../../components/model/define.ts";
import { problemsOf, small, withBalancer, withPool, withRoutes } from "../../support/small.ts";

interface Case {
  readonly code: string;
  readonly refused: unknown;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
  /** The same with the least change that makes it right. */
  readonly accepted: unknown;
}

const production = (fields: object, balancer: object = {}) =>
  small({ environment: "production", protect: true, balancer: { kind: "nginx", ...balancer }, ...fields });
const pools = (count: number) =>
  small({
    pools: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index + 1}`, { active: 1 }])),
    routes: Array.from({ length: count }, (_, index) => ({ path: `/${index + 1}`, pool: `p${index + 1}` })),
  });
const authority = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
const reason = "accepted in this test";
const service = { port: 8080, pool: "web" };
const lvs = (fields: object, pool: object = {}) =>
  small({
    balancer: { kind: "lvs", services: [service], ...fields },
    pools: { web: { active: 2, ...pool } },
  });

const layers = (fields: object, behind: object = {}) =>
  small({ balancer: { kind: "lvs", behind: { kind: "nginx", ...behind }, ...fields } });

const cases: readonly Case[] = [
  {
    code: "balancer.directors-too-many",
    refused: layers({ count: 4 }),
    path: "balancer.count",
    message: "4 directors in front of balancers, and the network's layout has addresses for 3",
    hint: "use 3 or fewer: one serves, the others stand by",
    accepted: layers({ count: 3 }),
  },
  {
    code: "balancer.router-id-twice",
    refused: layers({ failover: { routerId: 52 } }),
    path: "balancer.behind.failover.routerId",
    message: "52 is also the directors' (balancer.failover.routerId), and both are in one network",
    hint: "use another number, 1 to 255",
    accepted: layers({ failover: { routerId: 52 } }, { failover: { routerId: 53 } }),
  },
  {
    code: "balancer.services-in-front",
    refused: layers({ services: [service] }),
    path: "balancer.services",
    message:
      "the directors forward the ports of the balancers behind them, which lead to the pools by routes",
    hint: "leave it out, or put services of layer 4 into a stack of their own, without `behind`",
    accepted: layers({}),
  },
  {
    code: "accessory.not-there",
    refused: small({
      platform: { kind: "aws", region: "eu-central-1" },
      pools: { web: { active: 2, standby: { hot: 1 } } },
      accessories: { db: { image: { kind: "reference", reference: "postgres:17" } } },
    }),
    path: "accessories.db",
    message: 'there are no accessories on the platform "aws" yet',
    hint: "run it beside the cluster (a managed database, a server of your own), and tell the pools its address by `environment`",
    accepted: small({ accessories: { db: { image: { kind: "sample" } } } }),
  },
  {
    code: "accessory.name-taken",
    refused: small({ accessories: { "db-1": { image: { kind: "sample" } } } }),
    path: "accessories.db-1",
    message: '"db-1" is used in the keys of other machines',
    hint: "choose another name",
    accepted: small({ accessories: { "db-one": { image: { kind: "sample" } } } }),
  },
  {
    code: "worker.not-there",
    refused: small({
      platform: { kind: "aws", region: "eu-central-1" },
      pools: { web: { active: 2, standby: { hot: 1 } } },
      workers: { mail: { kind: "worker", image: { kind: "reference", reference: "acme/mail:1" } } },
    }),
    path: "workers.mail",
    message: 'there are no workers on the platform "aws" yet',
    hint: "run it beside the cluster (a service or timer of a machine of yours, a queue's own workers), with the same image",
    accepted: small({ workers: { mail: { kind: "worker", image: { kind: "sample" } } } }),
  },
  {
    code: "worker.name-taken",
    refused: small({ workers: { web: { kind: "worker", image: { kind: "sample" } } } }),
    path: "workers.web",
    message: '"web" is the name of a pool',
    hint: "choose another name",
    accepted: small({ workers: { mail: { kind: "worker", image: { kind: "sample" } } } }),
  },
  {
    code: "worker.schedule-misread",
    refused: small({
      workers: { tick: { kind: "scheduled", image: { kind: "sample" }, schedule: "0 24 * * *" } },
    }),
    path: "workers.tick.schedule",
    message: '"0 24 * * *" is no cron line',
    hint: 'five fields as in crontab(5), e.g. "*/10 * * * *", or six with seconds in front',
    accepted: small({
      workers: { tick: { kind: "scheduled", image: { kind: "sample" }, schedule: "0 23 * * mon-fri" } },
    }),
  },
  {
    code: "worker.needs-warden",
    refused: small({
      warden: { enabled: false },
      workers: { one: { kind: "singleton", image: { kind: "sample" } } },
    }),
    path: "workers.one.kind",
    message: 'wardens start what is "singleton", and they are switched off',
    hint: "leave `warden.enabled` at true",
    accepted: small({
      warden: { enabled: false },
      workers: { one: { kind: "worker", image: { kind: "sample" } } },
    }),
  },
  {
    code: "pool.task-not-there",
    refused: small({
      platform: { kind: "aws", region: "eu-central-1" },
      pools: { web: { active: 2, standby: { hot: 1 }, beforeRelease: { command: ["migrate"] } } },
    }),
    path: "pools.web.beforeRelease",
    message: 'the kit runs no programs of a release on the platform "aws" yet',
    hint: "leave it out, and run the program yourself before `up` (a step of your pipeline)",
    accepted: withPool({ beforeRelease: { command: ["migrate"] } }),
  },
  {
    code: "container.not-there",
    refused: small({
      platform: { kind: "aws", region: "eu-central-1" },
      pools: { web: { active: 2, standby: { hot: 1 }, tmpfs: { "/cache": "1 MB" } } },
    }),
    path: "pools.web.tmpfs",
    message: 'nodes on the platform "aws" can\'t be given `tmpfs` yet',
    hint: "make it part of the image, or leave it out; what nodes can be given there is [environmentFiles]",
    accepted: withPool({ tmpfs: { "/cache": "1 MB" } }),
  },
  {
    code: "container.memory-too-small",
    refused: withPool({ memory: "64 MB", tmpfs: { "/cache": "48 MB" }, shm: "17 MB" }),
    path: "pools.web.memory",
    message: "tmpfs and shm may take 65 MB, and the limit of memory is 64 MB",
    hint: "they count as memory: raise `memory`, or make them smaller",
    accepted: withPool({ memory: "64 MB", tmpfs: { "/cache": "48 MB" }, shm: "16 MB" }),
  },
  {
    code: "container.path-twice",
    refused: withPool({ tmpfs: { "/a": "1 MB" }, volumes: { data: { path: "/a" } } }),
    path: "pools.web.volumes.data.path",
    message: "/a is in memory already",
    hint: "choose another folder, or leave out one of the two",
    accepted: withPool({ tmpfs: { "/a": "1 MB" }, volumes: { data: { path: "/a/b" } } }),
  },
  {
    code: "container.file-is-folder",
    refused: withPool({ files: { "/a": { content: { text: "x" } }, "/a/b": { content: { text: "x" } } } }),
    path: "pools.web.files./a",
    message: "/a/b lies below it, so it would have to be a folder",
    hint: "choose another path for one of the two",
    accepted: withPool({ files: { "/a": { content: { text: "x" } }, "/ab": { content: { text: "x" } } } }),
  },
  {
    code: "container.file-hidden",
    refused: withPool({
      volumes: { data: { path: "/a" } },
      files: { "/a/b": { content: { text: "x" } } },
    }),
    path: "pools.web.files./a/b",
    message: '/a is the volume "data", which would hide it',
    hint: "put the file elsewhere, and lead the application there",
    accepted: withPool({
      volumes: { data: { path: "/a" } },
      files: { "/ab": { content: { text: "x" } } },
    }),
  },
  {
    code: "container.limit-above-hard",
    refused: withPool({ ulimits: { nofile: { soft: -1, hard: 1024 } } }),
    path: "pools.web.ulimits.nofile",
    message: "the soft limit (none) is above the hard one, 1024",
    hint: "make `soft` at most `hard`",
    accepted: withPool({ ulimits: { nofile: { soft: 1024, hard: -1 }, nproc: 512 } }),
  },
  {
    code: "network.virtual-address-chosen",
    refused: small({ network: { virtualAddress: "10.77.0.10" } }),
    path: "network.virtualAddress",
    message: 'a stack on "docker" has no say in it: it follows from the network',
    hint: 'set it to "auto"',
    accepted: small({ network: { virtualAddress: "auto" } }),
  },
  {
    code: "balancer.forwarding-not-built",
    refused: lvs({ forwarding: "nat" }),
    path: "balancer.forwarding",
    message: '"nat" is part of the stack\'s shape but not built yet',
    hint: 'use "dr"',
    accepted: lvs({ forwarding: "dr" }),
  },
  {
    code: "balancer.no-services",
    refused: lvs({ services: [] }),
    path: "balancer.services",
    message: "there is no service, so clients would reach nothing",
    hint: 'add one, e.g. { port: 5432, protocol: "tcp", pool: "db" }',
    accepted: lvs({}),
  },
  {
    code: "service.unknown-pool",
    refused: lvs({ services: [service, { port: 53, protocol: "udp", pool: "dns" }] }),
    path: "balancer.services[1].pool",
    message: 'there is no pool "dns"',
    hint: "use one of [web]",
    accepted: lvs({}),
  },
  {
    code: "service.port-changed",
    refused: lvs({ services: [service, { port: 80, pool: "web" }] }),
    path: "balancer.services[1].port",
    message:
      '80 would have to become 8080, where the nodes of "web" listen, and direct routing changes no port',
    hint: "set pools.web.port to 80, or this port to 8080",
    accepted: lvs({ services: [{ port: 80, pool: "web" }] }, { port: 80 }),
  },
  {
    code: "service.twice",
    refused: lvs({ services: [service, { ...service, scheduler: "rr" }] }),
    path: "balancer.services[1].port",
    message: "8080 by tcp is already taken by balancer.services[0]",
    hint: "remove one of them",
    accepted: lvs({ services: [service, { ...service, protocol: "udp" }] }),
  },
  {
    code: "pool.unserved",
    refused: small({
      balancer: { kind: "lvs", services: [service] },
      pools: { web: { active: 2 }, api: { active: 2, port: 81 } },
    }),
    path: "pools.api",
    message: "no service leads to it, so its nodes would stand idle",
    hint: 'add { port: 81, pool: "api" } to balancer.services',
    accepted: lvs({}),
  },
  {
    code: "pool.key-unread",
    refused: lvs({}, { algorithm: { kind: "consistent-hash", key: "uri" } }),
    path: "pools.web.algorithm.key",
    message: '"uri" stands in requests, which directors don\'t read',
    hint: 'use "client-address"',
    accepted: lvs({}, { algorithm: { kind: "consistent-hash", key: "client-address" } }),
  },
  {
    code: "pool.check-not-built",
    refused: lvs({}, { health: { protocol: "grpc" }, tls: {} }),
    path: "pools.web.tls",
    message: "directors don't check gRPC over TLS yet",
    hint: 'set health.protocol to "tcp", which makes the TLS handshake, or tls to null',
    accepted: lvs({}, { health: { protocol: "tcp" }, tls: {} }),
  },
  {
    code: "pool.check-not-built",
    refused: lvs({}, { tls: { name: "a.test", authority } }),
    path: "pools.web.tls.authority",
    message: "directors don't verify the nodes' certificates yet",
    hint: "set it to null: checks make the handshake with whatever certificate is shown",
    accepted: lvs({}, { tls: { name: "a.test" } }),
  },
  {
    code: "pool.check-of-other-protocol",
    refused: withPool({ health: { protocol: "mysql" } }),
    path: "pools.web.health.protocol",
    message: '"mysql" is said by servers that don\'t speak HTTP, and these balancers send them nothing else',
    hint: 'use "http", "grpc" or "tcp", or balancers that forward connections, { kind: "lvs" }',
    accepted: lvs({}, { health: { protocol: "mysql" } }),
  },
  {
    code: "balancer.single-in-production",
    refused: production({}, { count: 1 }),
    path: "balancer.count",
    message: "1 balancer in production: when it is lost nothing answers, whatever the nodes do",
    hint: "use 2 or more",
    accepted: production({}, { count: 2 }),
  },
  {
    code: "stack.unprotected-production",
    refused: production({ protect: false }),
    path: "protect",
    message: "a production cluster could be removed without a question",
    hint: "set it to true",
    accepted: production({ protect: true }),
  },
  {
    code: "acknowledge.twice",
    refused: small({
      acknowledge: [
        { code: "pool.no-cover", reason },
        { code: "risk.keys-moved", reason },
        { code: "pool.no-cover", reason },
      ],
    }),
    path: "acknowledge[2].code",
    message: '"pool.no-cover" is acknowledged more than once',
    hint: "keep one, with the reason that holds",
    accepted: small({
      acknowledge: [
        { code: "pool.no-cover", reason },
        { code: "risk.keys-moved", reason },
      ],
    }),
  },
  {
    code: "acknowledge.unknown-code",
    refused: small({ acknowledge: [{ code: "pool.nocover", reason }] }),
    path: "acknowledge[0].code",
    message: '"pool.nocover" is no code of a warning or a risk',
    hint: 'did you mean "pool.no-cover"? docs/stacks.md has the warnings, docs/risks.md the risks',
    accepted: small({ acknowledge: [{ code: "risk.tls-removed", reason }] }),
  },
  {
    code: "acknowledge.unknown-code",
    refused: small({ acknowledge: [{ code: "everything", reason }] }),
    path: "acknowledge[0].code",
    message: '"everything" is no code of a warning or a risk',
    hint: "take a code from docs/stacks.md (warnings) or docs/risks.md",
    accepted: small({ acknowledge: [{ code: "pool.no-cover", reason }] }),
  },
  {
    code: "network.host-bits",
    refused: small({ network: { subnet: "10.77.3.0/23" } }),
    path: "network.subnet",
    message: "10.77.3.0/23 is not the first address of a network",
    hint: "clear its host bits, e.g. 10.77.0.0/22",
    accepted: small({ network: { subnet: "10.77.2.0/23" } }),
  },
  {
    code: "network.subnet-size",
    refused: small({ network: { subnet: "10.77.2.0/24" } }),
    path: "network.subnet",
    message: "10.77.2.0/24 has 256 addresses; the layout works for /12 to /23",
    hint: "use a /22 (1024 addresses, 20 active nodes a pool) unless you need more",
    accepted: small({ network: { subnet: "10.77.2.0/23" } }),
  },
  {
    code: "network.subnet-size",
    refused: small({ network: { subnet: "10.0.0.0/11" } }),
    path: "network.subnet",
    message: "10.0.0.0/11 has 2097152 addresses; the layout works for /12 to /23",
    hint: "use a /22 (1024 addresses, 20 active nodes a pool) unless you need more",
    accepted: small({ network: { subnet: "10.0.0.0/12" } }),
  },
  {
    code: "network.too-small",
    refused: withPool({ active: 21 }),
    path: "pools.web.active",
    message: "21 active nodes need as many addresses; a /22 gives each pool 20 of that role",
    hint: "set network.subnet to a /21 or larger, or use several pools",
    accepted: withPool({ active: 20 }),
  },
  {
    code: "network.too-small",
    refused: small({
      network: { subnet: "10.77.2.0/23" },
      pools: { web: { active: 2, standby: { hot: 4 } } },
    }),
    path: "pools.web.standby.hot",
    message: "4 hot nodes need as many addresses; a /23 gives each pool 3 of that role",
    hint: "set network.subnet to a /22 or larger, or use several pools",
    accepted: small({
      network: { subnet: "10.77.2.0/23" },
      pools: { web: { active: 2, standby: { hot: 3 } } },
    }),
  },
  {
    code: "network.too-small",
    refused: withPool({ standby: { cold: 100 } }),
    path: "pools.web.standby.cold",
    message: "100 cold nodes need as many addresses; a /22 gives each pool 6 of that role",
    hint: "set network.subnet to a /17 or larger, or use several pools",
    accepted: withPool({ standby: { cold: 6 } }),
  },
  {
    code: "pools.none",
    refused: small({ pools: {} }),
    path: "pools",
    message: "there is no pool, so nothing could answer",
    hint: "add one, e.g. web: { active: 2 }",
    accepted: small({ pools: { web: { active: 2 } } }),
  },
  {
    code: "pools.too-many",
    refused: pools(8),
    path: "pools",
    message: "8 pools; a network has room for 7",
    hint: "split the cluster in two",
    accepted: pools(7),
  },
  {
    code: "balancer.port-collision",
    refused: withBalancer({ listen: { http: 443, tls: {} } }),
    path: "balancer.listen.tls.port",
    message: "443 is also the plain HTTP port",
    hint: "give one of them another port",
    accepted: withBalancer({ listen: { http: 443, tls: { port: 8443 } } }),
  },
  {
    code: "balancer.port-collision",
    refused: withBalancer({ listen: { tls: {} }, door: { http: 8080, tls: 8080 } }),
    path: "balancer.door.tls",
    message: "8080 is also the door's plain HTTP port",
    hint: 'give one of them another port, or "auto"',
    accepted: withBalancer({ listen: { tls: null }, door: { http: 8080, tls: 8080 } }),
  },
  {
    code: "balancer.port-reserved",
    refused: withBalancer({ listen: { http: 9180 } }),
    path: "balancer.listen.http",
    message: "9180 is where a balancer tells of itself",
    hint: "choose another port",
    accepted: withBalancer({ listen: { http: 9181 } }),
  },
  {
    code: "balancer.port-reserved",
    refused: withBalancer({ listen: { tls: { port: 9180 } } }),
    path: "balancer.listen.tls.port",
    message: "9180 is where a balancer tells of itself",
    hint: "choose another port",
    accepted: withBalancer({ listen: { tls: { port: 9179 } } }),
  },
  {
    code: "balancer.preempt-without-peer",
    refused: withBalancer({ count: 1, failover: { preempt: true } }),
    path: "balancer.failover.preempt",
    message: "there is 1 balancer, so there is nobody to take the address back from",
    hint: "remove it, or set balancer.count to 2",
    accepted: withBalancer({ count: 2, failover: { preempt: true } }),
  },
  {
    code: "balancer.memory-too-small",
    refused: withBalancer({ cpus: 3.5, memory: "128 MB" }),
    path: "balancer.memory",
    message: "128 MB for 4 nginx workers and keepalived, which need 160 MB",
    hint: "raise it, or lower balancer.cpus",
    accepted: withBalancer({ cpus: 3.5, memory: "160 MB" }),
  },
  {
    code: "balancer.proxy-host-bits",
    refused: withBalancer({ trustedProxies: ["192.0.2.0/24", "192.0.2.7/24"] }),
    path: "balancer.trustedProxies[1]",
    message: "192.0.2.7/24 is not the first address of a network",
    hint: "clear its host bits, or use /32 for a single address",
    accepted: withBalancer({ trustedProxies: ["192.0.2.0/24", "192.0.2.7/32"] }),
  },
  {
    code: "balancer.advert-too-fast",
    refused: production({}, { failover: { advertise: "49 ms" } }),
    path: "balancer.failover.advertise",
    message: "adverts every 49 ms move the address when a scheduler pauses for 147 ms",
    hint: 'use "100 ms" or more in production',
    accepted: production({}, { failover: { advertise: "50 ms" } }),
  },
  {
    code: "pool.name-reserved",
    refused: small({ pools: { lb: { active: 1 } } }),
    path: "pools.lb",
    message: '"lb" is used in the keys of other machines',
    hint: "choose another name",
    accepted: small({ pools: { lbs: { active: 1 } } }),
  },
  {
    code: "pool.name-reserved",
    refused: small({ pools: { "web-hot": { active: 1 } } }),
    path: "pools.web-hot",
    message: '"web-hot" is used in the keys of other machines',
    hint: "choose another name",
    accepted: small({ pools: { "hot-web": { active: 1 } } }),
  },
  {
    code: "pool.name-reserved",
    refused: small({ pools: { web: { active: 1, id: "lb" } } }),
    path: "pools.web.id",
    message: '"lb" is used in the keys of other machines',
    hint: "choose another name",
    accepted: small({ pools: { web: { active: 1, id: "lbs" } } }),
  },
  {
    // Names swapped: nobody could say any more which of the two is meant.
    code: "pool.id-taken",
    refused: small({
      pools: { app: { active: 1, id: "web" }, web: { active: 1 } },
      routes: [{ path: "/web", pool: "web" }],
    }),
    path: "pools.app.id",
    message: '"web" is the name of another pool',
    hint: "an id is the name that the pool had when it was made; give it to that pool alone, and call the other one differently",
    accepted: small({
      pools: { app: { active: 1, id: "web" }, site: { active: 1 } },
      routes: [{ path: "/site", pool: "site" }],
    }),
  },
  {
    code: "pool.id-taken",
    refused: small({
      pools: { app: { active: 1, id: "web" }, shop: { active: 1, id: "web" } },
      routes: [{ path: "/shop", pool: "shop" }],
    }),
    path: "pools.shop.id",
    message: '"web" is the id of pools.app already',
    hint: "an id is the name that the pool had when it was made; give it to that pool alone, and call the other one differently",
    accepted: small({
      pools: { app: { active: 1, id: "web" }, shop: { active: 1, id: "store" } },
      routes: [{ path: "/shop", pool: "shop" }],
    }),
  },
  {
    // Nodes are called by the id.
    code: "pool.weight-unknown-node",
    refused: small({ pools: { app: { active: 1, id: "web", weights: { "app-1": 2 } } } }),
    path: "pools.app.weights.app-1",
    message: 'the pool has no node "app-1"',
    hint: "use one of [web-1]",
    accepted: small({ pools: { app: { active: 1, id: "web", weights: { "web-1": 2 } } } }),
  },
  {
    code: "pool.weight-unknown-node",
    refused: withPool({ weights: { "web-3": 2 } }),
    path: "pools.web.weights.web-3",
    message: 'the pool has no node "web-3"',
    hint: "use one of [web-1, web-2]",
    accepted: withPool({ active: 3, weights: { "web-3": 2 } }),
  },
  {
    code: "pool.weight-unknown-node",
    refused: withPool({ active: 9, weights: { "web-hot-1": 2 } }),
    path: "pools.web.weights.web-hot-1",
    message: 'the pool has no node "web-hot-1"',
    hint: "use one of [web-1, web-2, web-3, web-4, web-5, web-6, web-7, web-8, …]",
    accepted: withPool({ active: 9, standby: { hot: 1 }, weights: { "web-hot-1": 2 } }),
  },
  {
    code: "pool.weights-ignored",
    refused: withPool({ algorithm: { kind: "ip-hash" }, weights: { "web-1": 2 } }),
    path: "pools.web.weights",
    message: 'the algorithm "ip-hash" ignores weights',
    hint: 'use "weighted-round-robin", "least-connections", "two-choices" or "consistent-hash", or remove the weights',
    accepted: withPool({ algorithm: { kind: "two-choices" }, weights: { "web-1": 2 } }),
  },
  {
    code: "pool.check-overlaps",
    refused: withPool({ health: { interval: "1 s", timeout: "1001 ms" } }),
    path: "pools.web.health.timeout",
    message: "a check may take 1.001 s but the next starts after 1 s",
    hint: "make it at most health.interval",
    accepted: withPool({ health: { interval: "1 s", timeout: "1 s" } }),
  },
  {
    code: "pool.sticky-insecure",
    refused: withPool({ sticky: { sameSite: "None" } }),
    path: "pools.web.sticky.secure",
    message: 'browsers refuse a cookie with SameSite=None that isn\'t Secure, and this one is "auto"',
    hint: 'set it to "always", or sameSite to "Lax"',
    accepted: {
      ...small(),
      balancer: { kind: "nginx", listen: { tls: {} } },
      pools: { web: { active: 2, sticky: { sameSite: "None", secure: "always" } } },
    },
  },
  {
    code: "pool.sticky-never-returned",
    refused: withPool({ sticky: { secure: "always" } }),
    path: "pools.web.sticky.secure",
    message: "browsers send a Secure cookie over TLS only, and nobody comes by TLS",
    hint: 'set balancer.listen.tls, name the proxies that end TLS in balancer.trustedProxies, or set it to "auto"',
    accepted: {
      ...small(),
      balancer: { kind: "nginx", trustedProxies: ["192.0.2.0/24"] },
      pools: { web: { active: 2, sticky: { secure: "always" } } },
    },
  },
  {
    code: "pool.sticky-cookie-twice",
    refused: {
      ...small(),
      pools: { web: { active: 2, sticky: {} }, api: { active: 2, sticky: { cookie: "hotspare-web" } } },
      routes: [{ path: "/api", pool: "api" }],
    },
    path: "pools.api.sticky.cookie",
    message:
      '"hotspare-web" is the cookie of pool "web" as well, and each would take the other\'s sessions away',
    hint: "give one of them another name",
    accepted: {
      ...small(),
      pools: { web: { active: 2, sticky: {} }, api: { active: 2, sticky: {} } },
      routes: [{ path: "/api", pool: "api" }],
    },
  },
  {
    code: "pool.grpc-without-tls",
    refused: withPool({ protocol: "grpc" }),
    path: "pools.web.protocol",
    message:
      "gRPC clients come by HTTP/2, which the balancers speak over TLS only, and there is no TLS listener",
    hint: "set balancer.listen.tls with a certificate that the balancers show themselves",
    accepted: withBalancer({ listen: { tls: {} } }, { pools: { web: { active: 2, protocol: "grpc" } } }),
  },
  {
    code: "pool.tls-nameless",
    refused: withPool({ tls: { authority } }),
    path: "pools.web.tls.name",
    message:
      "the authority's certificates are good for any of its servers, and no name says which one is meant",
    hint: "set the name that the nodes' certificates have, or authority to null",
    accepted: withPool({ tls: { authority, name: "web.internal" } }),
  },
  {
    code: "pool.health-service-unasked",
    refused: withPool({ health: { service: "shop.Orders" } }),
    path: "pools.web.health.service",
    message: '"shop.Orders" is asked about by gRPC\'s health protocol and by DNS only',
    hint: 'set health.protocol to "grpc" or "dns", or remove it',
    accepted: withPool({ health: { service: "shop.Orders", protocol: "grpc" } }),
  },
  {
    code: "pool.environment-reserved",
    refused: withPool({ environment: { PORT: "80" } }),
    path: "pools.web.environment.PORT",
    message: "the kit sets this variable itself",
    hint: "set the pool's `port`",
    accepted: withPool({ port: 80 }),
  },
  {
    code: "pool.environment-reserved",
    refused: withPool({ environment: { HOTSPARE_NODE: "me" } }),
    path: "pools.web.environment.HOTSPARE_NODE",
    message: "the kit sets this variable itself",
    hint: "rename it",
    accepted: withPool({ environment: { NODE: "me" } }),
  },
  {
    code: "pool.unreached",
    refused: small({ pools: { web: { active: 1 }, api: { active: 1 } } }),
    path: "pools.api",
    message: "no route leads to it, so its nodes would stand idle",
    hint: 'add { path: "/api", pool: "api" } to routes',
    accepted: small({
      pools: { web: { active: 1 }, api: { active: 1 } },
      routes: [{ path: "/api", pool: "api" }],
    }),
  },
  {
    code: "route.unknown-pool",
    refused: withRoutes({ path: "/", pool: "web" }, { path: "/api/", pool: "api" }),
    path: "routes[1].pool",
    message: 'there is no pool "api"',
    hint: "use one of [web]",
    accepted: withRoutes({ path: "/", pool: "web" }, { path: "/api/", pool: "web" }),
  },
  {
    code: "route.unknown-pool",
    refused: withRoutes({ path: "/", pool: "web" }, { path: "/a", pool: "constructor" }),
    path: "routes[1].pool",
    message: 'there is no pool "constructor"',
    hint: "use one of [web]",
    accepted: small({ pools: { constructor: { active: 1 } }, routes: [{ path: "/", pool: "constructor" }] }),
  },
  {
    code: "route.path-never-met",
    refused: withRoutes({ path: "/100%" }),
    path: "routes[0].path",
    message: 'no request is met by "/100%"',
    hint: 'write escapes as in "/caf%C3%A9/", and no "/./", "/../", "%24" or control characters',
    accepted: withRoutes({ path: "/100%25" }),
  },
  {
    code: "route.twice",
    refused: withRoutes({ path: "/a/" }, { path: "/b/" }, { path: "/a/" }),
    path: "routes[2].path",
    message: '"/a/" is already taken by routes[0]',
    hint: "remove one of them",
    accepted: withRoutes({ path: "/a/" }, { path: "/b/" }, { path: "/a" }),
  },
  {
    code: "route.twice",
    refused: withRoutes({ path: "/", host: "a.test" }, { path: "/", host: "a.test" }),
    path: "routes[1].path",
    message: '"a.test/" is already taken by routes[0]',
    hint: "remove one of them",
    accepted: withRoutes({ path: "/", host: "a.test" }, { path: "/", host: "*.a.test" }, { path: "/" }),
  },
  {
    code: "route.twice",
    refused: withRoutes({ path: "/a/b" }, { path: "/%61//b" }),
    path: "routes[1].path",
    message: '"/%61//b" is already taken by routes[0]',
    hint: "remove one of them",
    accepted: withRoutes({ path: "/a/b" }, { path: "/%62/b" }),
  },
  {
    code: "route.no-time-to-retry",
    refused: withRoutes({ path: "/", retryFor: "249 ms" }),
    path: "routes[0].retryFor",
    message: "249 ms are over before the first try may end (connectTimeout 250 ms)",
    hint: "make it longer than connectTimeout, or set tries to 1",
    accepted: withRoutes({ path: "/", retryFor: "249 ms", tries: 1 }),
  },
  {
    code: "route.patience-too-long",
    refused: withRoutes({ path: "/", patience: "3 s", readTimeout: "2 s" }),
    path: "routes[0].patience",
    message: "3 s are more than readTimeout (2 s)",
    hint: "make readTimeout as long, or patience shorter",
    accepted: withRoutes({ path: "/", patience: "2 s", readTimeout: "2 s" }),
  },
];

describe.each(cases)("$code at $path", ({ code, refused, path, message, hint, accepted }) => {
  test("is refused, and nothing else is", () => {
    expect(problemsOf(refused)).toEqual([[path, code, message, hint]]);
  });

  test("is accepted once it is mended", () => {
    expect(problemsOf(accepted)).toEqual([]);
  });
});

test.each([{ tmpfs: { "/a/b": "1 MB" } }, { volumes: { data: { path: "/a/b" } } }])(
  "a file can't be above a folder: %j",
  (fields) => {
    const problems = problemsOf(withPool({ files: { "/a": { content: { text: "x" } } }, ...fields }));
    expect(problems.map(([path, code]) => [path, code])).toEqual([
      ["pools.web.files./a", "container.file-is-folder"],
    ]);
  },
);

test.each([
  "x\n/../../etc/passwd",
  "x\r/../y",
  "x\u2028/../y",
  "a\u0000b",
  "../x",
  "/etc/passwd",
  "a/..",
  "",
])("%j is no file of the project", (file) => {
  const [problem] = problemsOf(withPool({ files: { "/a": { content: { file } } } }));
  expect(problem?.[0]).toMatch(/^pools\.web\.files\./);
  expect(problemsOf(withPool({ environmentFiles: [file] }))[0]?.[0]).toBe("pools.web.environmentFiles[0]");
});

test("a file of the project may have any name that a path has", () => {
  for (const file of ["a", "..a/b..", "conf/ü b.ini", ".env"])
    expect(problemsOf(withPool({ environmentFiles: [file] }))).toEqual([]);
});

test.each(["/./a", "/a/..", "/a/%2e%2e/b", "/%24", "/%0A", "/%FF"])(
  "%s is a path that no request has",
  (path) => {
    expect(problemsOf(withRoutes({ path }))).toEqual([
      [
        "routes[0].path",
        "route.path-never-met",
        `no request is met by "${path}"`,
        expect.stringContaining("escapes"),
      ],
    ]);
  },
);

test("the longest names that the shape allows are host names (63 characters)", () => {
  const [cluster, pool] = ["c".repeat(24), "p".repeat(16)];
  const longest = `${cluster}-0123-${pool}-cold-100`;
  expect(longest.length).toBeLessThanOrEqual(63);
  const stack = small({ name: cluster, pools: { [pool]: { active: 1000, standby: { cold: 100 } } } });
  expect(problemsOf({ ...stack, network: { subnet: "10.0.0.0/16" } })).toEqual([]);
});

describe("all problems at once", () => {
  test("one of every family", () => {
    const stack = production(
      {
        protect: false,
        network: { subnet: "10.0.0.1/16" },
        pools: { lb: { active: 2, weights: { "lb-9": 1 } } },
        routes: [{ path: "/", pool: "web" }],
      },
      { count: 1, listen: { http: 9180 } },
    );
    expect(checkStack(stack).problems.map(({ code }) => code)).toEqual([
      "balancer.single-in-production",
      "stack.unprotected-production",
      "network.host-bits",
      "balancer.port-reserved",
      "pool.name-reserved",
      "pool.weight-unknown-node",
      "route.unknown-pool",
    ]);
  });
});
