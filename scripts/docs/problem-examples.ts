import { awsFaults } from "../platforms/aws/problem-examples.ts";
import { workerFaults } from "./worker-examples.ts";

/*
 * For every code a stack that has just this problem or warning. The reference in docs/stacks.md shows what the kit says to
 * it; a test fails when a code of components/ has no example here.
 */

const web = { active: 3 };
const good = {
  name: "demo",
  environment: "development",
  platform: { kind: "docker" },
  pools: { web },
};
const production = { environment: "production", protect: true, balancer: { kind: "nginx", count: 2 } };
const lvsService = { port: 8080, pool: "web" };
const lvs = (options: object) => ({ balancer: { kind: "lvs", services: [lvsService], ...options } });
const layers = (options: object, behind: object = {}) => ({
  balancer: { kind: "lvs", behind: { kind: "nginx", ...behind }, ...options },
});
const nginx = (options: object) => ({ balancer: { kind: "nginx", ...options } });
const pool = (options: object) => ({ pools: { web: { ...web, ...options } } });
const service = { image: { kind: "service" }, command: ["/srv/app"] };
const routes = (...routes: object[]) => ({ routes });
const subnet = (subnet: string) => ({ network: { subnet } });
const onAws = (options: object, others: object = {}) => ({
  platform: { kind: "aws", region: "eu-central-1", ...options },
  ...others,
});
const awsPool = (options: object, others: object = {}) => onAws({ pools: { web: options } }, others);
const zones = ["eu-central-1a", "eu-central-1b"];
const subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
const adopted = (options: object) => ({
  vpc: {
    kind: "adopted",
    id: "vpc-0123456789abcdef0",
    public: subnets,
    private: ["subnet-0123456789abcdef8", "subnet-0123456789abcdef9"],
    ...options,
  },
});
const ami = { kind: "ami", id: "ami-0123456789abcdef0", architecture: "arm64" };
const acm = (region: string) =>
  nginx({
    listen: {
      tls: { certificate: { kind: "acm", arn: `arn:aws:acm:${region}:123456789012:certificate/0a1b2c` } },
    },
  });
const cpu = { kind: "cpu", percent: 60 };
const manyPools = Object.fromEntries(
  Array.from({ length: 8 }, (_, index) => [`pool${index}`, { active: 1 }]),
);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);
const fiftyPools = {
  pools: Object.fromEntries(numbered(50).map((index) => [`pool${index}`, { active: 1 }])),
  routes: [
    { path: "/", pool: "pool0" },
    ...numbered(50).map((index) => ({ path: `/${index}/`, pool: `pool${index}` })),
  ],
};
const server = (number: number, options: object = {}) => ({
  ssh: { host: `192.0.2.${number}`, user: "admin", hostKey: `ssh-ed25519 AAAA${number}` },
  address: `192.0.2.${number}`,
  ...options,
});
const bmc = { kind: "redfish", host: "192.0.2.113", account: { secret: "bmc" } };
const servers = { r1: server(11), r2: server(12), r3: server(13) };
const onMetal = (options: object, others: object = {}) => ({
  platform: { kind: "metal", servers, ...options },
  network: { subnet: "192.0.2.0/24", virtualAddress: "192.0.2.10" },
  ...others,
});
const racked = {
  r1: server(11, { rack: "a" }),
  r2: server(12, { rack: "a" }),
  r3: server(13, { rack: "b" }),
};
const oneRack = {
  r1: server(11, { rack: "a" }),
  r2: server(12, { rack: "a" }),
  r3: server(13, { rack: "a" }),
};
const accepted = { code: "pool.no-cover", reason: "a demonstration, nobody waits for it" };

/** What differs from a good stack, by code. */
const faults: Readonly<Record<string, object>> = {
  "acknowledge.unknown-code": { acknowledge: [{ ...accepted, code: "pool.nocover" }] },
  "acknowledge.twice": { acknowledge: [accepted, accepted] },
  "aws.adopted-subnets": onAws({ zones, ...adopted({ public: [...subnets, "subnet-0123456789abcdef2"] }) }),
  "aws.adopted-zones-unnamed": onAws(adopted({})),
  "aws.apart-host-bits": onAws({ vpc: { kind: "own", apart: ["10.0.0.1/16"] } }),
  "aws.apart-needs-subnet": onAws({ vpc: { kind: "own", apart: ["10.0.0.0/8"] } }),
  "aws.architecture": onAws({ image: ami }),
  "aws.arn-region": onAws({ key: "arn:aws:kms:us-east-1:123456789012:key/0a1b" }),
  "aws.certificate-nameless": onAws(
    {},
    nginx({ listen: { tls: { certificate: { kind: "self-signed", names: [] } } } }),
  ),
  "aws.certificate-region": onAws({}, acm("us-east-1")),
  "aws.checkpoints-order": onAws({ refresh: { checkpoints: [50, 20, 100] } }),
  "aws.clients-host-bits": onAws({ clients: ["192.0.2.7/24"] }),
  "aws.cluster-burstable": awsPool({ placement: "cluster" }),
  "aws.hibernation": awsPool({ warm: { count: 1, state: "hibernated" } }),
  "aws.idle-timeout-tls": onAws({ idleTimeout: "1 h" }, acm("eu-central-1")),
  "aws.image-not-reachable": onAws({}, pool({ image: { kind: "build", context: "./api" } })),
  "aws.listed-twice": onAws({ clients: ["192.0.2.0/24", "192.0.2.0/24"] }),
  "aws.listeners-too-many": onAws({}, fiftyPools),
  "aws.lvs-direct-routing": onAws({}, lvs({})),
  "aws.network-taken": onAws({}, subnet("169.254.0.0/22")),
  "aws.networks-overlap": onAws(
    { vpc: { kind: "own", apart: ["10.77.0.0/16"] } },
    { network: { subnet: "10.77.4.0/22" } },
  ),
  "aws.no-way-out": onAws({ vpc: { kind: "own", nat: "none" } }),
  "aws.live-is-ready": onAws({ pools: { web: { live: "/readyz" } } }),
  "aws.nobody-told": { ...production, ...onAws({}) },
  "aws.pool-unknown": onAws({ pools: { api: {} } }),
  "aws.reach-host-bits": onAws({ reach: [{ network: "10.9.0.1/16", port: 5432 }] }),
  "aws.reach-open": onAws({ reach: [{ network: "0.0.0.0/0", port: 443 }] }),
  "aws.region-unknown": onAws({ region: "eu-south-9" }),
  "aws.rules-too-many": onAws({ clients: numbered(61).map((index) => `10.${index}.0.0/16`) }),
  "aws.scaling-range": awsPool({ scaling: { max: 2, targets: [cpu] } }),
  "aws.single-nat": {
    ...production,
    ...onAws({ vpc: { kind: "own", nat: "one" }, monitoring: { notify: ["operations@example.com"] } }),
  },
  "aws.spot-architecture": awsPool({ spot: { onDemand: 1, types: ["t4g.small"] } }),
  "aws.spot-never": awsPool({ spot: { onDemand: 3, types: ["t3a.small"] } }),
  "aws.spot-with-warm-pool": awsPool(
    { spot: { onDemand: 1, types: ["t3a.small"] } },
    pool({ standby: { cold: 1 } }),
  ),
  "aws.spread-too-many": awsPool({ placement: "spread" }, pool({ active: 16 })),
  "aws.subnet-shared": onAws({
    zones,
    ...adopted({ private: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef9"] }),
  }),
  "aws.subnet-too-small": onAws({}, { ...subnet("10.77.0.0/23"), ...pool({ active: 200 }) }),
  "aws.tags-too-many": onAws({ tags: Object.fromEntries(numbered(41).map((index) => [`tag-${index}`, ""])) }),
  "aws.target-twice": awsPool({ scaling: { max: 9, targets: [cpu, cpu] } }),
  "aws.type-unknown": onAws({ instanceType: "m7g.huge" }),
  "aws.warm-and-cold": awsPool({ warm: { count: 1, state: "running" } }, pool({ standby: { cold: 1 } })),
  "aws.weights": onAws({}, pool({ weights: { "web-1": 3 } })),
  "aws.without-effect": onAws({}, nginx({ failover: { preempt: true } })),
  "aws.zone-twice": onAws({ zones: ["eu-central-1a", "eu-central-1a"] }),
  "aws.zone-unknown": onAws({ zones: ["eu-central-1a", "eu-central-1f"] }),
  "aws.traffic-order": onAws({ traffic: { low: 10, high: 1 } }),
  "aws.zones-mixed": onAws({ zones: ["eu-central-1a", "euc1-az2"] }),
  "aws.zones-too-few": onAws({ region: "us-west-1", zones: 3 }),
  "balancer.acm-off-aws": acm("eu-central-1"),
  "balancer.advert-too-fast": {
    ...production,
    balancer: { kind: "nginx", failover: { advertise: "20 ms" } },
  },
  "balancer.directors-too-many": layers({ count: 4 }),
  "balancer.memory-too-small": nginx({ cpus: 4, memory: "96 MB" }),
  "balancer.not-built": onMetal({}, lvs({})),
  "balancer.forwarding-not-built": lvs({ forwarding: "nat" }),
  "balancer.no-services": lvs({ services: [] }),
  "balancer.port-collision": nginx({ listen: { http: 443, tls: {} } }),
  "balancer.port-reserved": nginx({ listen: { http: 9180 } }),
  "balancer.preempt-without-peer": nginx({ count: 1, failover: { preempt: true } }),
  "balancer.proxy-host-bits": nginx({ trustedProxies: ["192.0.2.7/24"] }),
  "balancer.router-id-twice": layers({ failover: { routerId: 7 } }, { failover: { routerId: 7 } }),
  "balancer.services-in-front": layers({ services: [lvsService] }),
  "balancer.single-in-production": { ...production, ...nginx({ count: 1 }) },
  "container.service-command": onMetal({}, pool({ image: { kind: "service" }, command: ["app"] })),
  "container.service-file": onMetal(
    {},
    pool({ ...service, files: { "/srv/app": { content: { text: "#!/bin/sh" }, owner: "33" } } }),
  ),
  "container.service-not-there": pool(service),
  "metal.address-unfit": onMetal({ servers: { ...servers, r3: server(255) } }),
  "metal.assign-twice": onMetal({ assign: { "web-1": "r1", "web-2": "r1" } }),
  "metal.assign-unknown": onMetal({ assign: { "web-1": "r4" } }),
  "metal.balancers-in-one-rack": onMetal({ servers: racked, assign: { "lb-1": "r1", "lb-2": "r2" } }),
  "metal.cold-not-alone": onMetal(
    { servers: { ...servers, r4: server(14, { bmc }) }, assign: { "web-cold-1": "r3" } },
    pool({ standby: { cold: 1 } }),
  ),
  "metal.cold-without-controller": onMetal(
    { servers: { ...servers, r4: server(14) } },
    pool({ standby: { cold: 1 } }),
  ),
  "metal.fence-pool": onMetal({ fence: ["shop"] }),
  "metal.fence-server": onMetal(
    { servers: { ...servers, r4: server(14, { bmc }) }, fence: ["web"] },
    pool({ active: 1, standby: { cold: 1 } }),
  ),
  "metal.ipmi-certificate": onMetal({
    servers: {
      ...servers,
      r3: server(13, { bmc: { ...bmc, kind: "ipmi", certificate: `sha256:${"0".repeat(64)}` } }),
    },
  }),
  "metal.one-rack": { environment: "staging", ...onMetal({ servers: oneRack }) },
  "metal.port-shared": onMetal({}, pool({ port: 80 })),
  "metal.server-twice": onMetal({ servers: { ...servers, r3: server(13, { address: "192.0.2.11" }) } }),
  "metal.subnet-needed": onMetal({}, { network: { virtualAddress: "192.0.2.10" } }),
  "metal.too-few-servers": onMetal({ servers: { r1: server(11), r2: server(12) } }),
  "metal.virtual-address-needed": onMetal({}, { network: { subnet: "192.0.2.0/24" } }),
  "metal.virtual-address-taken": onMetal(
    {},
    { network: { subnet: "192.0.2.0/24", virtualAddress: "192.0.2.11" } },
  ),
  "network.host-bits": subnet("10.77.0.1/22"),
  "network.virtual-address-chosen": { network: { virtualAddress: "10.77.0.10" } },
  "network.nobody-there": nginx({ trustedProxies: ["224.0.0.0/8"] }),
  "network.public-range": subnet("11.0.0.0/22"),
  "network.special-range": subnet("127.0.0.0/22"),
  "network.subnet-size": subnet("10.77.2.0/28"),
  "network.too-small": pool({ active: 30 }),
  "network.crowded": { network: { subnet: "10.64.0.0/12" }, pools: { web: { active: 1100 } } },
  "platform.docker-single-host": { environment: "staging" },
  "worker.not-there": onMetal(
    {},
    { pools: { web: { active: 1 } }, workers: { mail: { kind: "worker", image: { kind: "sample" } } } },
  ),
  "pool.task-not-there": onMetal(
    {},
    { pools: { web: { active: 1, beforeRelease: { command: ["migrate"] } } } },
  ),
  "accessory.not-there": onMetal(
    {},
    { pools: { web: { active: 1 } }, accessories: { db: { image: { kind: "sample" } } } },
  ),
  "container.environment-misread": pool({ environmentFiles: ["package.json"] }),
  "container.not-there": onMetal({}, { pools: { web: { active: 1, user: "app" } } }),
  "container.path-twice": pool({
    tmpfs: { "/data": "1 MB" },
    volumes: { data: { path: "/data" } },
  }),
  "pool.algorithm-not-there": { ...lvs({}), ...pool({ algorithm: { kind: "two-choices" } }) },
  "pool.build-folder": pool({ image: { kind: "build", context: "./no-such-folder" } }),
  "pool.check-not-built": { ...lvs({}), ...pool({ health: { protocol: "grpc" }, tls: {} }) },
  "pool.check-of-other-protocol": pool({ health: { protocol: "mysql" } }),
  "pool.check-overlaps": pool({ health: { interval: "100 ms", timeout: "1 s" } }),
  "pool.environment-reserved": pool({ environment: { PORT: "3000" } }),
  "pool.environment-unholdable": pool({ environment: { GREETING: "hello\0" } }),
  "pool.grpc-without-tls": pool({ protocol: "grpc" }),
  "pool.health-service-unasked": pool({ health: { service: "shop.Orders" } }),
  "pool.id-taken": { pools: { app: { ...web, id: "web" }, web }, routes: [{ path: "/web", pool: "web" }] },
  "pool.key-unread": {
    ...lvs({}),
    ...pool({ algorithm: { kind: "consistent-hash", key: "uri" } }),
  },
  "pool.name-reserved": { pools: { lb: web } },
  "pool.no-cover": pool({ active: 1 }),
  "pool.sticky-cookie-twice": {
    pools: { web: { ...web, sticky: {} }, api: { ...web, sticky: { cookie: "hotspare-web" } } },
    routes: [{ path: "/api", pool: "api" }],
  },
  "pool.sticky-insecure": pool({ sticky: { sameSite: "None" } }),
  "pool.sticky-never-returned": pool({ sticky: { secure: "always" } }),
  "pool.sticky-unread": { ...lvs({}), ...pool({ sticky: {} }) },
  "pool.tls-nameless": pool({
    tls: { authority: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----" },
  }),
  "pool.unreached": { pools: { web, api: web } },
  "pool.unserved": { ...lvs({}), pools: { web, api: { ...web, port: 81 } } },
  "pool.weight-starves-node": pool({ active: 2, weights: { "web-1": 500 } }),
  "pool.weight-unknown-node": pool({ weights: { "web-4": 2 } }),
  "pool.weights-ignored": pool({ algorithm: { kind: "round-robin" }, weights: { "web-1": 3 } }),
  "pools.none": { pools: {} },
  "pools.too-many": {
    pools: manyPools,
    routes: Object.keys(manyPools).map((name) => ({ path: `/${name}`, pool: name })),
  },
  "route.no-time-to-retry": routes({ path: "/", pool: "web", connectTimeout: "2 s", retryFor: "1 s" }),
  "route.path-never-met": routes({ path: "/", pool: "web" }, { path: "/a/../b/", pool: "web" }),
  "route.patience-too-long": routes({ path: "/", pool: "web", patience: "10 s", readTimeout: "5 s" }),
  "route.twice": routes({ path: "/", pool: "web" }, { path: "/", pool: "web" }),
  "route.unknown-pool": routes({ path: "/", pool: "web" }, { path: "/api", pool: "api" }),
  "route.unread": { ...lvs({}), routes: [{ path: "/", pool: "web" }] },
  "service.port-changed": lvs({ services: [{ port: 80, pool: "web" }] }),
  "service.twice": lvs({ services: [lvsService, lvsService] }),
  "service.unknown-pool": lvs({ services: [lvsService, { port: 53, protocol: "udp", pool: "dns" }] }),
  "warden.off-with-cold": { warden: { enabled: false }, ...pool({ standby: { cold: 1 } }) },
  "shape.missing": { environment: undefined },
  "shape.not-data": { pools: new Map([["web", web]]) },
  "shape.out-of-range": pool({ active: 0 }),
  "shape.unknown-field": pool({ standbys: 1 }),
  "shape.wrong-name": { pools: { Web: web } },
  "shape.wrong-type": pool({ active: "three" }),
  "shape.wrong-value": { environment: "test" },
  "stack.unprotected-production": { ...production, protect: false },
};

/** A stack with one fault each, by the code that the fault gets. */
export const problemExamples: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries({ ...faults, ...workerFaults, ...awsFaults }).map(([code, fault]) => [
    code,
    { ...good, ...fault },
  ]),
);
