import { describe, expect, test } from "vitest";
import { checkStack } from "../../../../../components/model/define.ts";
import { appPolicy } from "../../../../support/aws/nodes.ts";
import { awsStack } from "../../../../support/aws/stacks.ts";
import { problemsOf, small } from "../../../../support/small.ts";

interface Case {
  readonly code: string;
  readonly path: string;
  /** Part of the message: the values and their units. */
  readonly says: string;
  readonly refused: unknown;
  /** The same with the least change that makes it right. */
  readonly accepted: unknown;
}

const web = (options: object, fields: object = {}) =>
  awsStack({ pools: { web: options } }, { pools: { web: { active: 2, ...fields } } });
const pool = (fields: object) => awsStack({}, { pools: { web: { active: 2, ...fields } } });
const tls = (certificate: object, platform: object = {}) =>
  awsStack(platform, { balancer: { kind: "nginx", listen: { tls: { certificate } } } });
const acm = (region: string) => ({
  kind: "acm",
  arn: `arn:aws:acm:${region}:123456789012:certificate/0a1b`,
});
const ids = (...digits: number[]) => digits.map((digit) => `subnet-0123456789abcdef${digit}`);
const zones = ["eu-central-1a", "eu-central-1b"];
const adopted = (subnets: object, platform: object = { zones }) =>
  awsStack({
    vpc: { kind: "adopted", id: "vpc-0123456789abcdef0", public: ids(0, 1), private: ids(2, 3), ...subnets },
    ...platform,
  });
const ami = (architecture: string) => ({ kind: "ami", id: "ami-0123456789abcdef0", architecture });
const cpu = { kind: "cpu", percent: 60 };
const spot = (onDemand: number, ...types: string[]) => ({ spot: { onDemand, types } });

const reach = (network: string, port: number) => ({ network, port });
const networks = (count: number) => Array.from({ length: count }, (_, index) => `10.${index}.0.0/16`);
const manyPools = (count: number) =>
  awsStack(
    {},
    {
      network: { subnet: "10.64.0.0/16" },
      pools: Object.fromEntries(networks(count).map((_, index) => [`p${index}`, { active: 1 }])),
      routes: networks(count).map((_, index) => ({
        path: index === 0 ? "/" : `/${index}/`,
        pool: `p${index}`,
      })),
    },
  );
const containers = (subnet: string) =>
  awsStack(
    {},
    {
      network: { subnet },
      pools: { web: { active: 2, image: { kind: "reference", reference: "ghcr.io/acme/api:1" } } },
    },
  );

const reference = { image: { kind: "reference", reference: "ghcr.io/acme/api:1" } };
const signIn = (server: string) => ({
  registry: { server, username: "puller", password: { secret: "registry" } },
});

const addresses = (count: number) =>
  Array.from({ length: count }, (_, index) => `eipalloc-0123456789abcdef${index}`);
const byClock = (min: number, more: readonly object[] = []) =>
  web({ scaling: { max: 9, targets: [cpu], schedule: [{ at: "0 7 * * 1-5", min }, ...more] } });

const cases: readonly Case[] = [
  {
    code: "aws.disk-iops",
    path: "platform.pools.web.disk.iops",
    says: "4001 operations a second, and a disk of this size has at most 4000",
    refused: web({ disk: { size: "8 GB", iops: 4001 } }),
    accepted: web({ disk: { size: "8 GB", iops: 4000, throughput: 1000 } }),
  },
  {
    code: "aws.disk-throughput",
    path: "platform.pools.web.disk.throughput",
    says: "751 MiB a second take 3004 operations, and there are 3000",
    refused: web({ disk: { size: "8 GB", throughput: 751 } }),
    accepted: web({ disk: { size: "8 GB", throughput: 750 } }),
  },
  {
    code: "aws.distribution-unused",
    path: "platform.pools.web.distribution",
    says: "in one zone",
    refused: awsStack({
      instanceType: "c7g.large",
      pools: { web: { distribution: "only", placement: "cluster" } },
    }),
    accepted: web({ distribution: "only" }),
  },
  {
    code: "aws.front-addresses",
    path: "platform.front.addresses",
    says: "3 Elastic IPs for 2 zones",
    refused: awsStack({ front: { addresses: addresses(3) } }),
    accepted: awsStack({ front: { addresses: addresses(3) }, zones: 3 }),
  },
  {
    code: "aws.front-inside",
    path: "platform.front.addresses",
    says: "inside the VPC alone",
    refused: awsStack({ front: { internal: true, addresses: addresses(2) } }),
    accepted: awsStack({ front: { internal: true } }),
  },
  {
    code: "aws.schedule-beyond",
    path: "platform.pools.web.scaling.schedule[0].min",
    says: "at least 10 nodes by the clock, and scaling.max is 9",
    refused: byClock(10),
    accepted: byClock(9),
  },
  {
    code: "aws.listed-twice",
    path: "platform.pools.web.scaling.schedule[1]",
    says: "0 7 * * 1-5 Etc/UTC",
    refused: byClock(4, [{ at: "0 7 * * 1-5", min: 5 }]),
    accepted: byClock(4, [{ at: "0 7 * * 1-5", zone: "Europe/Berlin", min: 5 }]),
  },
  {
    code: "aws.policies-unused",
    path: "platform.pools.web.policies",
    says: "the sample asks AWS for nothing",
    refused: web({ policies: [appPolicy] }),
    accepted: web({ policies: [appPolicy] }, reference),
  },
  {
    code: "aws.listed-twice",
    path: "platform.pools.web.policies[1]",
    says: appPolicy,
    refused: web({ policies: [appPolicy, appPolicy] }, reference),
    accepted: web({ policies: [appPolicy] }, reference),
  },
  {
    code: "aws.registry-unused",
    path: "platform.pools.web.registry.server",
    says: "comes from ghcr.io, and the sign-in is for registry.example.com",
    refused: web(signIn("registry.example.com"), reference),
    accepted: web(signIn("ghcr.io"), reference),
  },
  {
    code: "aws.registry-unused",
    path: "platform.pools.web.registry.server",
    says: "pools.web.image is the sample",
    refused: web(signIn("ghcr.io")),
    accepted: web(signIn("docker.io"), { image: { kind: "reference", reference: "acme/api:1" } }),
  },
  {
    code: "aws.region-unknown",
    path: "platform.region",
    says: "no zones of eu-south-9",
    refused: awsStack({ region: "eu-south-9" }),
    accepted: awsStack({ region: "eu-south-9", zones: ["eu-south-9a", "eu-south-9b"] }),
  },
  {
    code: "aws.idle-timeout-tls",
    path: "platform.idleTimeout",
    says: "forgets silent connections there after 350 s",
    refused: awsStack(
      { idleTimeout: "1 h" },
      { balancer: { kind: "nginx", listen: { tls: { certificate: acm("eu-central-1") } } } },
    ),
    accepted: awsStack({ idleTimeout: "1 h" }),
  },
  {
    code: "aws.traffic-order",
    path: "platform.traffic",
    says: "10 requests a second in a quiet month are more than 1 in a busy one",
    refused: awsStack({ traffic: { low: 10, high: 1 } }),
    accepted: awsStack({ traffic: { low: 1, high: 1 } }),
  },
  {
    code: "aws.zones-mixed",
    path: "platform.zones",
    says: "some zones go by name and others by id",
    refused: awsStack({ zones: ["eu-central-1a", "euc1-az2"] }),
    accepted: awsStack({ zones: ["euc1-az1", "euc1-az2"] }),
  },
  {
    code: "aws.zone-unknown",
    path: "platform.zones[0]",
    says: "eu-central-1 has no zone use1-az1",
    refused: awsStack({ zones: ["use1-az1", "euc1-az2"] }),
    accepted: awsStack({ zones: ["euc1-az3", "euc1-az2"] }),
  },
  {
    code: "aws.zones-too-few",
    path: "platform.zones",
    says: "us-west-1 has 2 zones, not 3",
    refused: awsStack({ region: "us-west-1", zones: 3 }),
    accepted: awsStack({ region: "us-west-1", zones: 2 }),
  },
  {
    code: "aws.zone-unknown",
    path: "platform.zones[1]",
    says: "eu-central-1 has no zone eu-central-1f",
    refused: awsStack({ zones: ["eu-central-1a", "eu-central-1f"] }),
    accepted: awsStack({ zones: ["eu-central-1a", "eu-central-1c"] }),
  },
  {
    code: "aws.zone-unknown",
    path: "platform.zones[0]",
    says: "eu-central-1 has no zone eu-west-1a",
    refused: awsStack({ zones: ["eu-west-1a", "eu-central-1b"] }),
    accepted: awsStack({ zones }),
  },
  {
    code: "aws.zone-unknown",
    path: "platform.zones[1]",
    says: "eu-south-9 has no zone eu-central-1b",
    refused: awsStack({ region: "eu-south-9", zones: ["eu-south-9a", "eu-central-1b"] }),
    accepted: awsStack({ region: "eu-south-9", zones: ["eu-south-9a", "eu-south-9b"] }),
  },
  {
    code: "aws.zone-twice",
    path: "platform.zones[1]",
    says: "eu-central-1a is named twice",
    refused: awsStack({ zones: ["eu-central-1a", "eu-central-1a"] }),
    accepted: awsStack({ zones }),
  },
  {
    code: "aws.adopted-zones-unnamed",
    path: "platform.zones",
    says: "2 zones",
    refused: adopted({}, {}),
    accepted: adopted({}),
  },
  {
    code: "aws.adopted-subnets",
    path: "platform.vpc.private",
    says: "3 subnets for 2 zones",
    refused: adopted({ private: ids(2, 3, 4) }),
    accepted: adopted({}),
  },
  {
    code: "aws.apart-host-bits",
    path: "platform.vpc.apart[0]",
    says: "10.0.0.1/16 is not the first address",
    refused: awsStack({ vpc: { kind: "own", apart: ["10.0.0.1/16"] } }),
    accepted: awsStack({ vpc: { kind: "own", apart: ["10.0.0.0/16"] } }),
  },
  {
    code: "aws.apart-needs-subnet",
    path: "network.subnet",
    says: '"auto" may fall into 10.0.0.0/16',
    refused: awsStack({ vpc: { kind: "own", apart: ["10.0.0.0/16"] } }, { network: {} }),
    accepted: awsStack({ vpc: { kind: "own", apart: ["10.0.0.0/16"] } }),
  },
  {
    code: "aws.networks-overlap",
    path: "platform.vpc.apart[1]",
    says: "10.77.3.0/24 and the cluster's 10.77.0.0/22 overlap",
    refused: awsStack({ vpc: { kind: "own", apart: ["10.77.4.0/22", "10.77.3.0/24"] } }),
    accepted: awsStack({ vpc: { kind: "own", apart: ["10.77.4.0/22", "10.76.255.0/24"] } }),
  },
  {
    code: "aws.subnet-too-small",
    path: "network.subnet",
    // 240 active nodes and 2 balancers, each twice, in 2 zones; a /24 has 251 usable addresses, 12 of them kept.
    says: "up to 242 machines in each zone while all are replaced at once, and a private subnet of a /22 has room for 239",
    refused: awsStack({}, { pools: { web: { active: 240 } } }),
    accepted: awsStack({}, { pools: { web: { active: 237 } } }),
  },
  {
    code: "aws.no-way-out",
    path: "platform.vpc.nat",
    says: '"none" leaves',
    refused: awsStack({ vpc: { kind: "own", nat: "none" } }),
    accepted: awsStack({ vpc: { kind: "own", nat: "none" }, image: ami("x86_64") }),
  },
  {
    code: "aws.clients-host-bits",
    path: "platform.clients[0]",
    says: "192.0.2.7/24",
    refused: awsStack({ clients: ["192.0.2.7/24"] }),
    accepted: awsStack({ clients: ["192.0.2.7/32"] }),
  },
  {
    code: "aws.checkpoints-order",
    path: "platform.refresh.checkpoints",
    says: "[50, 20, 100]",
    refused: awsStack({ refresh: { checkpoints: [50, 20, 100] } }),
    accepted: awsStack({ refresh: { checkpoints: [20, 50, 100] } }),
  },
  {
    code: "aws.checkpoints-order",
    path: "platform.refresh.checkpoints",
    says: "[20, 50] doesn't rise to 100",
    refused: awsStack({ refresh: { checkpoints: [20, 50] } }),
    accepted: awsStack({ refresh: { checkpoints: [100] } }),
  },
  {
    code: "aws.certificate-region",
    path: "balancer.listen.tls.certificate.arn",
    says: "the certificate is in us-east-1",
    refused: tls(acm("us-east-1")),
    accepted: tls(acm("eu-central-1")),
  },
  {
    code: "aws.certificate-nameless",
    path: "balancer.listen.tls.certificate.names",
    says: "there is none",
    refused: tls({ kind: "self-signed", names: [] }),
    accepted: tls({ kind: "self-signed", names: ["shop.example.test"] }),
  },
  {
    code: "balancer.acm-off-aws",
    path: "balancer.listen.tls.certificate.kind",
    says: "the platform is docker",
    refused: small({ balancer: { kind: "nginx", listen: { tls: { certificate: acm("eu-central-1") } } } }),
    accepted: tls(acm("eu-central-1")),
  },
  {
    code: "balancer.port-reserved",
    path: "balancer.listen.http",
    says: "9181",
    refused: awsStack({}, { balancer: { kind: "nginx", listen: { http: 9181 } } }),
    accepted: small({ balancer: { kind: "nginx", listen: { http: 9181 } } }),
  },
  {
    code: "balancer.port-reserved",
    path: "balancer.listen.http",
    says: "64001",
    refused: awsStack({}, { balancer: { kind: "nginx", listen: { http: 64_001 } } }),
    accepted: awsStack({}, { balancer: { kind: "nginx", listen: { http: 63_999 } } }),
  },
  {
    code: "aws.type-unknown",
    path: "platform.instanceType",
    says: "no instance type m7g.huge",
    refused: awsStack({ instanceType: "m7g.huge" }),
    accepted: awsStack({ instanceType: "m7g.large" }),
  },
  {
    code: "aws.type-unknown",
    path: "platform.pools.web.spot.types[0]",
    says: "no instance type t3b.small",
    refused: web(spot(1, "t3b.small")),
    accepted: web(spot(1, "t3a.small")),
  },
  {
    code: "aws.architecture",
    path: "platform.balancerType",
    says: "c7g.large is arm64 and the image ami-0123456789abcdef0 x86_64",
    refused: awsStack({ image: ami("x86_64"), balancerType: "c7g.large" }),
    accepted: awsStack({ image: ami("x86_64"), balancerType: "c7i.large" }),
  },
  {
    code: "aws.pool-unknown",
    path: "platform.pools.api",
    says: 'no pool "api"',
    refused: awsStack({ pools: { api: {} } }),
    accepted: awsStack({ pools: { web: {} } }),
  },
  {
    code: "aws.scaling-range",
    path: "platform.pools.web.scaling",
    says: "from 2 to 1 nodes, and pools.web.active is 2",
    refused: web({ scaling: { max: 1, targets: [cpu] } }),
    accepted: web({ scaling: { max: 2, targets: [cpu] } }),
  },
  {
    code: "aws.scaling-range",
    path: "platform.pools.web.scaling",
    says: "from 3 to 9 nodes",
    refused: web({ scaling: { min: 3, max: 9, targets: [cpu] } }),
    accepted: web({ scaling: { min: 1, max: 9, targets: [cpu] } }),
  },
  {
    code: "aws.target-twice",
    path: "platform.pools.web.scaling.targets[1]",
    says: "a second target for cpu",
    refused: web({ scaling: { max: 9, targets: [cpu, cpu] } }),
    accepted: web({ scaling: { max: 9, targets: [cpu, { kind: "requests", perSecond: 9 }] } }),
  },
  {
    code: "aws.warm-and-cold",
    path: "platform.pools.web.warm",
    says: "pools.web.standby.cold (1) waits there stopped",
    refused: web({ warm: { count: 1, state: "running" } }, { standby: { cold: 1 } }),
    accepted: web({ warm: { count: 1, state: "running" } }, { standby: { hot: 1 } }),
  },
  {
    code: "aws.spot-with-warm-pool",
    path: "platform.pools.web.spot",
    says: "pools.web.standby.cold asks for one",
    refused: web(spot(1, "t3a.small"), { standby: { cold: 1 } }),
    accepted: web(spot(1, "t3a.small"), { standby: { hot: 1 } }),
  },
  {
    code: "aws.spot-with-warm-pool",
    path: "platform.pools.web.spot",
    says: "`warm` asks for one",
    refused: web({ ...spot(1, "t3a.small"), warm: { count: 1, state: "running" } }),
    accepted: web({ warm: { count: 1, state: "running" } }),
  },
  {
    code: "aws.spot-never",
    path: "platform.pools.web.spot.onDemand",
    says: "2 nodes are never Spot, and there are at most 2",
    refused: web(spot(2, "t3a.small")),
    accepted: web(spot(1, "t3a.small")),
  },
  {
    code: "aws.spot-architecture",
    path: "platform.pools.web.spot.types[1]",
    says: "t4g.small is arm64 and t3.small x86_64",
    refused: web(spot(1, "t3a.small", "t4g.small")),
    accepted: web({ ...spot(1, "m6g.large", "t4g.small"), instanceType: "m7g.large" }),
  },
  {
    code: "aws.hibernation",
    path: "platform.pools.web.warm.state",
    says: "doesn't work with Debian's images",
    refused: web({ warm: { count: 1, state: "hibernated" } }),
    accepted: web({ warm: { count: 1, state: "running" } }),
  },
  {
    code: "aws.hibernation",
    path: "platform.pools.web.warm.state",
    says: "the 8 GiB of memory to the disk, which has 8 GB and needs 12",
    refused: awsStack({
      image: ami("arm64"),
      instanceType: "m7g.large",
      pools: { web: { warm: { count: 1, state: "hibernated" } } },
    }),
    accepted: awsStack({
      image: ami("arm64"),
      instanceType: "m7g.large",
      disk: "12 GB",
      pools: { web: { warm: { count: 1, state: "hibernated" } } },
    }),
  },
  {
    code: "aws.spread-too-many",
    path: "platform.pools.web.placement",
    says: "up to 15 machines, 2 of them while others are replaced, and a spread placement group has room for 7 in each of 2 zones",
    refused: web({ placement: "spread" }, { active: 12, standby: { cold: 1 } }),
    accepted: web({ placement: "spread" }, { active: 12 }),
  },
  {
    code: "aws.cluster-burstable",
    path: "platform.pools.web.placement",
    says: "t3.small",
    refused: web({ placement: "cluster" }),
    accepted: web({ placement: "cluster", instanceType: "c7i.large" }),
  },
  ...[
    ["warden.calm", { warden: { calm: "20 s" } }],
    ["warden.restart.tries", { warden: { restart: { tries: 9 } } }],
    ["balancer.failover.advertise", { balancer: { kind: "nginx", failover: { advertise: "1 s" } } }],
    ["balancer.door.http", { balancer: { kind: "nginx", door: { http: 8080 } } }],
    ["balancer.cpus", { balancer: { kind: "nginx", cpus: 2 } }],
    ["pools.web.memory", { pools: { web: { active: 2, memory: "1 GB" } } }],
  ].map(
    ([path, fields]): Case => ({
      code: "aws.without-effect",
      path: path as string,
      says: "it has no effect on AWS",
      refused: awsStack({}, fields as object),
      accepted: small(fields as Record<string, unknown>),
    }),
  ),
  {
    code: "aws.weights",
    path: "pools.web.weights",
    says: "no names",
    refused: pool({ weights: { "web-1": 2 } }),
    accepted: pool({}),
  },
  {
    code: "aws.image-not-reachable",
    path: "pools.web.image",
    says: "this machine's Docker Engine",
    refused: pool({ image: { kind: "build", context: "./api" } }),
    accepted: pool({ image: { kind: "reference", reference: "ghcr.io/acme/api:1" } }),
  },
  {
    code: "aws.lvs-direct-routing",
    path: "balancer.forwarding",
    says: `"dr" can't work in a VPC`,
    refused: awsStack({}, { balancer: { kind: "lvs", services: [{ port: 8080, pool: "web" }] } }),
    accepted: awsStack({}, { balancer: { kind: "nginx" } }),
  },
  {
    code: "aws.listed-twice",
    path: "platform.clients[1]",
    says: "192.0.2.0/24 is listed twice",
    refused: awsStack({ clients: ["192.0.2.0/24", "192.0.2.0/24"] }),
    accepted: awsStack({ clients: ["192.0.2.0/24", "192.0.3.0/24"] }),
  },
  {
    code: "aws.listed-twice",
    path: "platform.reach[1]",
    says: "10.9.0.0/16 port 5432",
    refused: awsStack({ reach: [reach("10.9.0.0/16", 5432), reach("10.9.0.0/16", 5432)] }),
    accepted: awsStack({ reach: [reach("10.9.0.0/16", 5432), reach("10.9.0.0/16", 5433)] }),
  },
  {
    code: "aws.listed-twice",
    path: "platform.monitoring.notify[1]",
    says: "a@example.com",
    refused: awsStack({ monitoring: { notify: ["a@example.com", "a@example.com"] } }),
    accepted: awsStack({ monitoring: { notify: ["a@example.com", "b@example.com"] } }),
  },
  {
    code: "aws.listed-twice",
    path: "platform.vpc.public[1]",
    says: "subnet-0123456789abcdef0",
    refused: adopted({ public: ids(0, 0) }),
    accepted: adopted({}),
  },
  {
    code: "aws.subnet-shared",
    path: "platform.vpc.private[0]",
    says: "subnet-0123456789abcdef1 is one of the public subnets",
    refused: adopted({ private: ids(1, 2) }),
    accepted: adopted({}),
  },
  {
    code: "aws.rules-too-many",
    path: "platform.clients",
    says: "31 networks at 2 ports make 62 rules",
    refused: tls(acm("eu-central-1"), { clients: networks(31) }),
    accepted: tls(acm("eu-central-1"), { clients: networks(30) }),
  },
  {
    code: "aws.rules-too-many",
    path: "platform.reach",
    says: "58 networks and what is always open make 61 rules",
    refused: awsStack({ reach: networks(58).map((network) => reach(network, 5432)) }),
    accepted: awsStack({ reach: networks(57).map((network) => reach(network, 5432)) }),
  },
  {
    code: "aws.listeners-too-many",
    path: "pools",
    says: "1 port of the cluster and a check of each group of nodes are 51 listeners",
    refused: manyPools(50),
    accepted: manyPools(49),
  },
  {
    code: "aws.tags-too-many",
    path: "platform.tags",
    says: "41 tags",
    refused: awsStack({ tags: Object.fromEntries(networks(41).map((tag) => [tag, ""])) }),
    accepted: awsStack({ tags: Object.fromEntries(networks(40).map((tag) => [tag, ""])) }),
  },
  {
    code: "aws.reach-host-bits",
    path: "platform.reach[0].network",
    says: "10.9.0.1/16 is not the first address",
    refused: awsStack({ reach: [reach("10.9.0.1/16", 5432)] }),
    accepted: awsStack({ reach: [reach("10.9.0.1/32", 5432)] }),
  },
  {
    code: "aws.reach-open",
    path: "platform.reach[0]",
    says: "port 443 is open to everywhere already",
    refused: awsStack({ reach: [reach("0.0.0.0/0", 443)] }),
    accepted: awsStack({ reach: [reach("0.0.0.0/0", 8443)] }),
  },
  {
    code: "aws.arn-region",
    path: "platform.key",
    says: "it is in us-east-1, and what uses it in eu-central-1",
    refused: awsStack({ key: "arn:aws:kms:us-east-1:123456789012:key/0a" }),
    accepted: awsStack({ key: "arn:aws:kms:eu-central-1:123456789012:key/0a" }),
  },
  {
    code: "aws.arn-region",
    path: "platform.monitoring.topic",
    says: "it is in us-east-1",
    refused: awsStack({ monitoring: { topic: "arn:aws:sns:us-east-1:123456789012:mine" } }),
    accepted: awsStack({ monitoring: { topic: "arn:aws:sns:eu-central-1:123456789012:mine" } }),
  },
  {
    code: "aws.network-taken",
    path: "network.subnet",
    says: "169.254.0.0/22 meets 169.254.0.0/16",
    refused: awsStack({}, { network: { subnet: "169.254.0.0/22" } }),
    accepted: awsStack({}, { network: { subnet: "169.253.0.0/22" } }),
  },
  {
    code: "aws.network-taken",
    path: "network.subnet",
    says: "containers on each node",
    refused: containers("172.17.128.0/20"),
    accepted: containers("172.18.0.0/16"),
  },
];

describe.each(cases)("$code at $path: $says", ({ code, path, says, refused, accepted }) => {
  test("is refused, and nothing else is", () => {
    const problems = problemsOf(refused);
    expect(problems.map(([at, what]) => [at, what])).toEqual([[path, code]]);
    expect(problems[0]?.[2]).toContain(says);
  });

  test("is accepted once it is mended", () => {
    expect(checkStack(accepted).problems).toEqual([]);
  });
});

test.each(["aws:team", "te;am", ""])("no tag is called %j", (name) => {
  expect(problemsOf(awsStack({ tags: { [name]: "x" } })).map(([, code]) => code)).toEqual([
    "shape.wrong-name",
  ]);
});

test("a stack moves from Docker to AWS by its platform alone", () => {
  const stack = { pools: { web: { active: 3, standby: { hot: 1, cold: 1 } } } };
  expect(checkStack(small(stack)).problems).toEqual([]);
  expect(checkStack(awsStack({}, stack)).problems).toEqual([]);
});
