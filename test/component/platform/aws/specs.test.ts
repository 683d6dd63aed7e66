import { describe, expect, test } from "vitest";
import { awsPart } from "../../../../components/plan/platforms/aws/part.ts";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { catalogue } from "../../../support/aws/catalogue/index.ts";
import { refusedTo } from "../../../support/aws/deployer.ts";
import { appPolicy } from "../../../support/aws/nodes.ts";
import { imageId, neighbours, recordAws } from "../../../support/aws/platform.ts";
import { check, checkBeside, cycle } from "../../../support/aws/rules/index.ts";
import { awsPlan } from "../../../support/aws/stacks.ts";
import { all, type ClusterRecording, visible } from "../../../support/clusters.ts";
import { planAny } from "../../../support/plan-any.ts";
import type { Recorded } from "../../../support/record.ts";
import { stacks } from "../../../support/stacks.ts";

/* What holds for whatever a stack on AWS may say: a table of stacks, each made once and looked at from all sides. */

const ami = (architecture: string) => ({ kind: "ami", id: imageId, architecture });
const subnets = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `subnet-0123456789abcde${from}${index}`);
const adopted = (...zones: string[]) => ({
  zones,
  vpc: {
    kind: "adopted",
    id: "vpc-0123456789abcdef0",
    public: subnets(1, zones.length),
    private: subnets(2, zones.length),
  },
});
const cpu = { kind: "cpu", percent: 60 };
const dns = { zone: "Z0123456789ABCDEFGHIJ", name: "shop.example.com" };
const requests = { kind: "requests", perSecond: 100 };
const metric = { kind: "metric", namespace: "Shop/Orders", name: "Backlog per node", value: 5 };
const web = (options: object) => ({ pools: { web: options } });
const pool = (fields: object) => ({ pools: { web: { active: 2, ...fields } } });
const tls = (certificate: object, listen: object = {}) => ({
  balancer: { kind: "nginx", listen: { tls: { certificate }, ...listen } },
});
const acm = (region: string) => ({ kind: "acm", arn: `arn:aws:acm:${region}:123456789012:certificate/0a1b` });
const key = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d";

/** Platform's and own fields of a stack, by what it is about. */
const specs: Readonly<Record<string, readonly [platform: object, fields?: object]>> = {
  smallest: [{}],
  "three zones": [{ zones: 3 }],
  "named zones": [{ zones: ["eu-central-1b", "eu-central-1c"] }],
  "a region with few zones": [{ region: "us-west-1" }],
  "a region with gaps": [{ region: "ap-northeast-1", zones: 3 }],
  "a region of many zones": [{ region: "us-east-1", zones: ["us-east-1d", "us-east-1f"] }],
  "a region that the table hasn't": [{ region: "xx-north-1", zones: ["xx-north-1a", "xx-north-1b"] }],
  "an account": [{ account: "123456789012" }],
  "one NAT gateway": [{ vpc: { kind: "own", nat: "one" } }],
  "no NAT gateway": [{ vpc: { kind: "own", nat: "none" }, image: ami("x86_64") }],
  "no NAT gateway, three zones": [{ vpc: { kind: "own", nat: "none" }, image: ami("x86_64"), zones: 3 }],
  "flow logs": [{ vpc: { kind: "own", flowLogs: 7 } }],
  "flow logs with a key": [{ vpc: { kind: "own", flowLogs: 7 }, key }],
  "networks apart": [{ vpc: { kind: "own", apart: ["10.0.0.0/16"] } }],
  "an adopted VPC": [adopted("eu-central-1a", "eu-central-1b")],
  "an adopted VPC, three zones": [adopted("eu-central-1a", "eu-central-1b", "eu-central-1c")],
  "the largest network": [{}, { network: { subnet: "10.64.0.0/16" } }],
  "the smallest network": [{}, { network: { subnet: "192.168.0.0/23" } }],
  "a derived network": [{}, { network: {} }],
  "some clients": [{ clients: ["192.0.2.0/24", "198.51.100.7/32"] }],
  "a database to reach": [{ reach: [{ network: "10.9.0.0/16", port: 5432 }] }],
  Graviton: [{ instanceType: "m7g.large" }],
  "Graviton by an own image": [{ instanceType: "m7g.large", image: ami("arm64") }],
  hardware: [web({ instanceType: "m5.metal" })],
  "Graviton hardware": [{ instanceType: "c7g.metal" }],
  "other balancers": [{ instanceType: "m7i.large", balancerType: "c7g.medium" }],
  "a larger disk": [{ disk: "100 GB" }],
  "a key": [{ key }],
  tags: [{ tags: { team: "shop", Name: "not of the kit", "hotspare.owner": "nor this" } }],
  "people told": [{ monitoring: { notify: ["a@example.com", "a.b+c@example.com"] } }],
  "a topic": [{ monitoring: { topic: "arn:aws:sns:eu-central-1:123456789012:mine" } }],
  "logs for a year": [{ monitoring: { logDays: 365 } }],
  "half at a time": [{ refresh: { healthyPercent: 50, checkpoints: [100], pause: "0 s" } }],
  "scaling by CPU": [web({ scaling: { max: 5, targets: [cpu] } })],
  "scaling by requests": [web({ scaling: { min: 1, max: 5, targets: [requests] } })],
  "scaling by an own metric": [web({ scaling: { max: 5, targets: [metric] } })],
  "scaling by all": [web({ scaling: { max: 50, targets: [cpu, requests, metric] } })],
  "scaling with cold standbys": [
    web({ scaling: { max: 5, targets: [cpu] } }),
    pool({ standby: { cold: 2 } }),
  ],
  "a hot standby": [{}, pool({ standby: { hot: 1 } })],
  "cold standbys": [{}, pool({ standby: { cold: 3 } })],
  "hot and cold standbys": [{}, pool({ standby: { hot: 2, cold: 1 } })],
  "a running warm standby": [web({ warm: { count: 1, state: "running" } })],
  "a hibernated warm standby": [
    { ...web({ warm: { count: 1, state: "hibernated" } }), image: ami("x86_64"), disk: "16 GB" },
  ],
  Spot: [web({ spot: { onDemand: 1, types: ["t3a.small"] } })],
  "nothing but Spot": [web({ spot: { onDemand: 0, types: ["t3a.small", "t3.medium"] } })],
  "Spot with a hot standby": [
    web({ spot: { onDemand: 1, types: ["t3a.small"] } }),
    pool({ standby: { hot: 1 } }),
  ],
  "clients, places and people at their limits": [
    {
      clients: Array.from({ length: 30 }, (_, index) => `10.${index}.0.0/16`),
      reach: Array.from({ length: 57 }, (_, index) => ({ network: `10.${index}.0.0/16`, port: 5432 })),
      monitoring: { notify: ["a.b@example.com", "a-b@example.com"] },
      tags: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`tag-${index}`, "v"])),
    },
    tls(acm("eu-central-1")),
  ],
  spread: [web({ placement: "spread" })],
  partitions: [web({ placement: "partition" })],
  "close together": [{ ...web({ placement: "cluster" }), instanceType: "c7g.large" }],
  "close together with standbys": [
    { ...web({ placement: "cluster" }), instanceType: "c7g.large" },
    pool({ standby: { hot: 1, cold: 1 } }),
  ],
  "one balancer": [{}, { balancer: { kind: "nginx", count: 1 } }],
  "four balancers": [{}, { balancer: { kind: "nginx", count: 4 } }],
  "another port": [{}, { balancer: { kind: "nginx", listen: { http: 8080 } } }],
  "TLS, self-signed": [{}, tls({ kind: "self-signed" })],
  "TLS, given": [{}, tls({ kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } })],
  "TLS, given, with a key": [
    { key },
    tls({ kind: "given", certificate: { secret: "chain" }, key: { secret: "key" } }),
  ],
  "TLS of ACM": [{}, tls(acm("eu-central-1"))],
  "TLS of ACM at other ports": [
    {},
    {
      balancer: {
        kind: "nginx",
        listen: { http: 8080, tls: { port: 8443, certificate: acm("eu-central-1") } },
      },
    },
  ],
  secrets: [{}, pool({ environment: { TOKEN: { secret: "token" }, OTHER: { secret: "token" }, A: "b" } })],
  "an image of a registry": [{}, pool({ image: { kind: "reference", reference: "ghcr.io/acme/api:1" } })],
  "inside the VPC, with a name": [{ front: { internal: true, dns } }],
  "Elastic IPs of somebody's, one of two clusters under a name": [
    {
      front: {
        addresses: ["eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1"],
        dns: { ...dns, failover: "primary" },
      },
    },
  ],
  "a pool's own disk, groups and zones, Spot as a share": [
    web({
      disk: { size: "64 GB", iops: 6000, throughput: 500 },
      securityGroups: ["sg-0123456789abcdef0"],
      distribution: "only",
      spot: { onDemand: 1, types: ["t3a.small"], share: 60 },
    }),
  ],
  "scaling by the clock and a forecast": [
    web({
      scaling: {
        max: 9,
        targets: [cpu],
        schedule: [
          { at: "0 7 * * 1-5", zone: "Europe/Berlin", min: 6 },
          { at: "0 20 * * *", min: 2 },
        ],
        predictive: { percent: 60, mode: "scale" },
      },
    }),
    pool({ standby: { hot: 1, cold: 1 } }),
  ],
  "credentials for containers": [
    web({ policies: [appPolicy, "arn:aws:iam::aws:policy/AmazonSQSFullAccess"] }),
    pool({ image: { kind: "reference", reference: "ghcr.io/acme/api:1" }, standby: { hot: 1 } }),
  ],
  "credentials for containers, within a boundary": [
    { ...web({ policies: [appPolicy] }), permissionsBoundary: "arn:aws:iam::123456789012:policy/edge" },
    pool({ image: { kind: "reference", reference: "ghcr.io/acme/api:1" } }),
  ],
  "an image of ECR, no NAT gateway": [
    { ...web({ policies: [appPolicy] }), vpc: { kind: "own", nat: "none" }, image: ami("x86_64") },
    pool({
      image: { kind: "reference", reference: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/acme/api:1" },
    }),
  ],
  "an image behind a password": [
    web({ registry: { server: "ghcr.io", username: "puller", password: { secret: "registry" } } }),
    pool({ image: { kind: "reference", reference: "ghcr.io/acme/api:1" } }),
  ],
  "another port and path": [{}, pool({ port: 9000, health: { path: "/healthz" } })],
  "the longest names": [
    {},
    { name: "a".repeat(24), pools: { ["b".repeat(16)]: { active: 1, standby: { hot: 1, cold: 1 } } } },
  ],
  "a name that AWS reserves": [{}, { name: "internal-shop" }],
  "two pools on one port": [
    {},
    {
      pools: { web: { active: 1 }, api: { active: 1, standby: { hot: 1 } } },
      routes: [
        { path: "/", pool: "web" },
        { path: "/api/", pool: "api" },
      ],
    },
  ],
  "ten pools": [
    {},
    {
      pools: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`p${index}`, { active: 1 }])),
      routes: Array.from({ length: 10 }, (_, index) => ({ path: `/${index}/`, pool: `p${index}` })).concat({
        path: "/",
        pool: "p0",
      }),
    },
  ],
  "a thousand nodes": [
    { instanceType: "m7g.large" },
    { network: { subnet: "10.64.0.0/16" }, ...pool({ active: 1000 }) },
  ],
  protected: [{}, { protect: true }],
};

const plans: readonly (readonly [string, ClusterPlan])[] = [
  ...Object.entries(specs).map(([name, [platform, fields]]) => [name, awsPlan(platform, fields)] as const),
  ...Object.entries(stacks)
    .map(([name, stack]) => [`the stack ${name}`, planAny(stack as { pools: object })] as const)
    .filter(([, { platform }]) => platform.kind === "aws"),
];

test("the table is long enough to mean something", () => {
  expect(plans.length).toBeGreaterThanOrEqual(60);
});

const byType = (resources: readonly Recorded[], type: string) =>
  resources.filter((resource) => resource.type === `aws:${type}`);

describe.each(plans)("%s", (_, plan) => {
  test("is made whole, labelled, named within limits, closed and encrypted", async () => {
    const recording = await recordAws(plan);
    const { resources, problems, stray } = recording;
    expect({ problems, stray }).toEqual({ problems: [], stray: [] });

    const made = neighbours(resources).filter(({ token }) => token.startsWith("aws:"));
    for (const { token, inputs, name } of made)
      expect([name, check({ token, inputs }, awsPart(plan)?.region ?? "")]).toEqual([name, []]);
    for (const subject of made) {
      const others = made.filter((other) => other !== subject);
      expect([subject.name, checkBeside(subject, others)]).toEqual([subject.name, []]);
    }
    expect(cycle(resources)).toBeNull();
    expect(refusedTo(plan, made)).toEqual([]);
    for (const [type, { name: input }] of catalogue) {
      const names = resources.filter((resource) => resource.type === type && input !== undefined);
      const values = names.map(({ inputs }) => inputs[input ?? ""]);
      expect([type, new Set(values).size]).toEqual([type, values.length]);
    }
    for (const { inputs, type, name } of resources) {
      if (!type.startsWith("aws:") || inputs.tags === undefined) continue;
      const tags = Array.isArray(inputs.tags)
        ? Object.fromEntries(
            inputs.tags.map(({ key, value }: { key: string; value: string }) => [key, value]),
          )
        : (inputs.tags as Record<string, string>);
      expect([name, tags["hotspare.owner"], tags["hotspare.cluster"]]).toEqual([
        name,
        plan.owner,
        plan.cluster,
      ]);
    }
    for (const { inputs } of all(recording, "LaunchTemplate")) {
      expect(inputs.metadataOptions).toMatchObject({ httpTokens: "required" });
      const [disk] = inputs.blockDeviceMappings as { ebs: Record<string, unknown> }[];
      expect(disk?.ebs).toMatchObject({ encrypted: "true", volumeType: "gp3" });
      expect([inputs.keyName, inputs.networkInterfaces]).toEqual([undefined, undefined]);
    }
    for (const { inputs } of all(recording, "SecurityGroupIngressRule")) {
      const byClients = awsPart(plan)?.clients.includes(inputs.cidrIpv4 as string);
      expect(byClients || inputs.referencedSecurityGroupId !== undefined).toBe(true);
      expect(inputs.fromPort).not.toBe(22);
    }
    expect(visible(resources)).not.toContain("plain text of");
    const groups = byType(resources, "autoscaling/group:Group");
    expect(groups.map(({ inputs }) => inputs.name).sort()).toEqual(
      plan.groups.map(({ name }) => name).sort(),
    );
  });
});

/** Each one costs seconds, and they differ little in what a preview can't know. */
const someOfThem = plans.filter((_, index) => index % 6 === 0);

test.each(someOfThem)("%s shows in a preview just what an update makes", async (_, plan) => {
  const urns = ({ resources }: ClusterRecording) => resources.map(({ urn }) => urn).sort();
  const preview = await recordAws(plan, { preview: true, outputs: () => ({}) });
  expect(urns(preview)).toEqual(urns(await recordAws(plan)));
});
