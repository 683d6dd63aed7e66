import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { awsPart, awsPlanOf } from "../../../../components/plan/platforms/aws/part.ts";
import { packUserData } from "../../../../components/platform/aws/launch-template.ts";
import { imageId, recordAws } from "../../../support/aws/platform.ts";
import { awsPlan } from "../../../support/aws/stacks.ts";
import { all, type ClusterRecording, find, known, visible } from "../../../support/clusters.ts";
import { type Recorded, unknown } from "../../../support/record.ts";

/* What AWS's adapter makes of a plan: values, and who is tied to whom. */

const plan = awsPlan(
  {
    zones: ["eu-central-1a", "eu-central-1c"],
    vpc: { kind: "own", nat: "per-zone", flowLogs: 30 },
    reach: [{ network: "10.9.0.0/16", port: 5432 }],
    instanceType: "m7g.large",
    balancerType: "t4g.small",
    disk: "20 GB",
    pools: { web: { placement: "spread" } },
    monitoring: { notify: ["ops@example.com"] },
    tags: { team: "shop" },
  },
  {
    protect: true,
    pools: {
      web: { active: 3, standby: { hot: 1, cold: 2 }, environment: { TOKEN: { secret: "token" } } },
      api: { active: 2, port: 9000, health: { path: "/healthz" } },
    },
    routes: [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api" },
    ],
  },
);
const recorded = once(() => recordAws(plan));

function once(make: () => Promise<ClusterRecording>): () => Promise<ClusterRecording> {
  let made: Promise<ClusterRecording> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const inputsOf = async (type: string, name: string) => find(await recorded(), type, name).inputs;
const id = (type: string, name: string) => `${type.toLowerCase()}-${name}`;

describe("network", () => {
  test("has the planned range, and a public and a private subnet in each zone", async () => {
    expect(await inputsOf("Vpc", "it-network")).toMatchObject({ cidrBlock: "10.77.0.0/22" });
    const subnets = all(await recorded(), "Subnet").map(({ name, inputs }) => [
      name,
      inputs.availabilityZone,
      inputs.cidrBlock,
      inputs.vpcId,
      inputs.mapPublicIpOnLaunch,
    ]);
    const vpc = id("Vpc", "it-network");
    expect(subnets.sort()).toEqual([
      ["it-network-private-eu-central-1a", "eu-central-1a", "10.77.0.0/24", vpc, false],
      ["it-network-private-eu-central-1c", "eu-central-1c", "10.77.1.0/24", vpc, false],
      ["it-network-public-eu-central-1a", "eu-central-1a", "10.77.3.0/26", vpc, false],
      ["it-network-public-eu-central-1c", "eu-central-1c", "10.77.3.64/26", vpc, false],
    ]);
  });

  test("leads public subnets to the internet and each private one to the NAT gateway of its zone", async () => {
    const recording = await recorded();
    const tables = new Map(
      all(recording, "RouteTableAssociation").map(({ inputs }) => [inputs.subnetId, inputs.routeTableId]),
    );
    const ways = new Map(
      all(recording, "Route").map(({ inputs }) => [
        inputs.routeTableId,
        [inputs.destinationCidrBlock, inputs.gatewayId ?? inputs.natGatewayId],
      ]),
    );
    const way = (subnet: string) => ways.get(tables.get(id("Subnet", subnet)));
    for (const zone of ["eu-central-1a", "eu-central-1c"]) {
      expect(way(`it-network-public-${zone}`)).toEqual([
        "0.0.0.0/0",
        id("InternetGateway", "it-network-gateway"),
      ]);
      expect(way(`it-network-private-${zone}`)).toEqual([
        "0.0.0.0/0",
        id("NatGateway", `it-network-nat-${zone}`),
      ]);
      expect((await inputsOf("NatGateway", `it-network-nat-${zone}`)).subnetId).toBe(
        id("Subnet", `it-network-public-${zone}`),
      );
    }
  });

  test("with one NAT gateway leads all private subnets there; without any makes endpoints", async () => {
    const one = await recordAws(awsPlan({ vpc: { kind: "own", nat: "one" } }));
    const ways = all(one, "Route").flatMap(({ inputs }) => inputs.natGatewayId ?? []);
    expect(ways).toEqual(Array(2).fill(id("NatGateway", "it-network-nat-eu-central-1a")));
    const ami = { kind: "ami", id: imageId, architecture: "x86_64" };
    const none = await recordAws(awsPlan({ vpc: { kind: "own", nat: "none" }, image: ami }));
    expect(all(none, "NatGateway")).toEqual([]);
    expect(
      all(none, "VpcEndpoint")
        .map(({ inputs }) => inputs.serviceName)
        .sort(),
    ).toEqual(
      ["autoscaling", "ec2", "ec2messages", "logs", "monitoring", "s3", "ssm", "ssmmessages"].map(
        (service) => `com.amazonaws.eu-central-1.${service}`,
      ),
    );
  });

  test("leaves the default security group without a rule, and writes flow logs only when asked", async () => {
    expect(await inputsOf("DefaultSecurityGroup", "it-network-default-group")).toMatchObject({
      ingress: [],
      egress: [],
    });
    expect(await inputsOf("FlowLog", "it-network-flow-log")).toMatchObject({
      vpcId: id("Vpc", "it-network"),
      logDestination: "arn of LogGroup it-network-flow-log-group",
    });
    expect(all(await recordAws(awsPlan()), "FlowLog")).toEqual([]);
  });

  test("makes nothing of an adopted VPC's own, and stands in its subnets", async () => {
    const subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
    const others = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"];
    const recording = await recordAws(
      awsPlan({
        zones: ["eu-central-1a", "eu-central-1b"],
        vpc: { kind: "adopted", id: "vpc-0123456789abcdef0", public: subnets, private: others },
      }),
    );
    for (const type of ["Vpc", "Subnet", "RouteTable", "NatGateway", "DefaultSecurityGroup"])
      expect(all(recording, type)).toEqual([]);
    expect(find(recording, "LoadBalancer", "it-tier-lb-front").inputs.subnets).toEqual(subnets);
    expect(find(recording, "Group", "it-web-group").inputs.vpcZoneIdentifiers).toEqual(others);
    for (const { inputs } of all(recording, "SecurityGroup"))
      expect(inputs.vpcId).toBe("vpc-0123456789abcdef0");
  });
});

describe("what is open", () => {
  /** `who → whom : port` of every rule; groups by their names' ends. */
  async function rules(direction: "Ingress" | "Egress"): Promise<string[]> {
    const short = (value: unknown) =>
      String(value)
        .replace(/^securitygroup-it-network-/, "")
        .replace(/-group$/, "");
    return all(await recorded(), `SecurityGroup${direction}Rule`)
      .map(({ inputs }) => {
        expect([inputs.fromPort, inputs.ipProtocol]).toEqual([inputs.toPort, "tcp"]);
        const [own, peer] = [
          short(inputs.securityGroupId),
          short(inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId),
        ];
        return direction === "Ingress"
          ? `${peer} → ${own} : ${inputs.fromPort}`
          : `${own} → ${peer} : ${inputs.fromPort}`;
      })
      .sort();
  }

  test("clients reach the load balancer alone, it the balancers, and nodes only those two", async () => {
    expect(await rules("Ingress")).toEqual([
      "0.0.0.0/0 → front : 80",
      "balancers → pool-api : 9000",
      "balancers → pool-web : 8080",
      "front → balancers : 80",
      "front → balancers : 9181",
      "front → pool-api : 9000",
      "front → pool-web : 8080",
    ]);
  });

  test("each may talk to whom it has to, nodes to what the stack names, machines to web servers", async () => {
    const web = (key: string) => [`${key} → 0.0.0.0/0 : 443`, `${key} → 0.0.0.0/0 : 80`];
    expect(await rules("Egress")).toEqual(
      [
        "balancers → pool-api : 9000",
        "balancers → pool-web : 8080",
        "front → balancers : 80",
        "front → balancers : 9181",
        "front → pool-api : 9000",
        "front → pool-web : 8080",
        "pool-api → 10.9.0.0/16 : 5432",
        "pool-web → 10.9.0.0/16 : 5432",
        ...["balancers", "pool-api", "pool-web"].flatMap(web),
      ].sort(),
    );
  });
});

interface Rights {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}

describe("rights", () => {
  const statements = async (key: string) => {
    const { policy } = await inputsOf("RolePolicy", `it-network-${key}-rights`);
    const { Statement } = JSON.parse(policy as string) as { Statement: Rights[] };
    return Statement;
  };
  const allowed = async (key: string) => (await statements(key)).filter(({ Effect }) => Effect === "Allow");

  test("nodes read their own bundles and secrets, and complete their own groups' hooks", async () => {
    const rights = await allowed("pool-web");
    expect(Object.fromEntries(rights.map(({ Action, Resource }) => [Action[0], Resource]))).toEqual({
      "s3:GetObject": ["web", "web-hot"].map(
        (key) => `arn:aws:s3:::hotspare-0123abcd-demo-eu-central-1/${key}/*`,
      ),
      "autoscaling:CompleteLifecycleAction": ["web", "web-hot"].map(
        (key) =>
          `arn:aws:autoscaling:eu-central-1:*:autoScalingGroup:*:autoScalingGroupName/demo-0123-${key}`,
      ),
      "logs:CreateLogStream": ["web", "web-hot"].map(
        (key) => `arn:aws:logs:eu-central-1:*:log-group:/hotspare/demo-0123/${key}:*`,
      ),
      "cloudwatch:PutMetricData": "*",
      "ssm:GetParameter": ["arn:aws:ssm:eu-central-1:*:parameter/hotspare/demo-0123/token"],
      "ssm:UpdateInstanceInformation": "*",
    });
    expect((await allowed("pool-api")).flatMap(({ Action }) => Action)).not.toContain("ssm:GetParameter");
  });

  test("no parameters but their own, whatever else their role may get", async () => {
    const denied = async (key: string) =>
      (await statements(key)).find(
        ({ Effect, Action }) => Effect === "Deny" && Action.includes("ssm:GetParameter"),
      );
    expect(await denied("pool-web")).toMatchObject({
      NotResource: ["arn:aws:ssm:eu-central-1:*:parameter/hotspare/demo-0123/token"],
    });
    expect(await denied("pool-api")).toMatchObject({ Resource: "*" });
  });

  test("only balancers look for others, and nobody may change a thing", async () => {
    const actions = async (key: string) => (await allowed(key)).flatMap(({ Action }) => Action);
    expect(await actions("balancers")).toContain("autoscaling:DescribeAutoScalingGroups");
    for (const key of ["pool-web", "pool-api"])
      expect((await actions(key)).filter((action) => action.includes(":Describe"))).toEqual([
        "logs:DescribeLogStreams",
      ]);
    for (const key of ["balancers", "pool-web", "pool-api"])
      expect(
        (await actions(key)).filter((action) =>
          /:(Delete|Create(?!LogStream|ControlChannel|DataChannel)|Terminate|Run|Set|Modify)/.test(action),
        ),
      ).toEqual([]);
  });

  test("secrets are parameters whose values the engine keeps secret", async () => {
    expect(await inputsOf("Parameter", "it-network-secret-token")).toMatchObject({
      name: "/hotspare/demo-0123/token",
      type: "SecureString",
    });
    expect(visible((await recorded()).resources)).not.toContain("plain text of");
  });
});

test("silent connections are kept as long as the stack says, at listeners that pass TCP on", async () => {
  const recording = await recordAws(awsPlan({ idleTimeout: "1 h" }));
  expect(find(recording, "Listener", "it-tier-lb-http-listener").inputs.tcpIdleTimeoutSeconds).toBe(3600);
});

test("zones that go by id are asked for by id", async () => {
  const recording = await recordAws(awsPlan({ zones: ["euc1-az1", "euc1-az3"] }));
  const { availabilityZone, availabilityZoneId } = find(
    recording,
    "Subnet",
    "it-network-private-euc1-az3",
  ).inputs;
  expect({ availabilityZone, availabilityZoneId }).toEqual({
    availabilityZone: undefined,
    availabilityZoneId: "euc1-az3",
  });
});

describe("launch template", () => {
  test("starts the image that the lock file has for the machine's architecture", async () => {
    const ids = { x86_64: "ami-0aaaaaaaaaaaaaaa1", arm64: "ami-0aaaaaaaaaaaaaaa2" };
    const planned = awsPlan({ pools: { web: { instanceType: "m7g.large" } } });
    const platform = { ...awsPlanOf(planned), image: { kind: "pinned" as const, ids, on: "2026-05-01" } };
    const recording = await recordAws({ ...planned, platform });
    const imageOf = (name: string) => find(recording, "LaunchTemplate", name).inputs.imageId;
    expect(imageOf("it-web-group-template")).toBe(ids.arm64);
    expect(imageOf("it-tier-lb-template")).toBe(ids.x86_64);
  });

  test("starts Debian with version 2 of the metadata alone, an encrypted disk and no key", async () => {
    const inputs = await inputsOf("LaunchTemplate", "it-web-group-template");
    expect(inputs).toMatchObject({
      name: "demo-0123-web",
      imageId,
      instanceType: "m7g.large",
      metadataOptions: { httpTokens: "required", httpEndpoint: "enabled", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeType: "gp3", volumeSize: 20 } },
      ],
      iamInstanceProfile: { arn: "arn of InstanceProfile it-network-pool-web-profile" },
      vpcSecurityGroupIds: [id("SecurityGroup", "it-network-pool-web-group")],
      updateDefaultVersion: true,
    });
    expect(inputs.keyName).toBeUndefined();
    expect(inputs.creditSpecification).toBeUndefined();
    expect(await inputsOf("LaunchTemplate", "it-tier-lb-template")).toMatchObject({
      instanceType: "t4g.small",
      creditSpecification: { cpuCredits: "unlimited" },
    });
  });

  test("names its bundle by content, in the user data too, and keeps the one before", async () => {
    const { userData } = await inputsOf("LaunchTemplate", "it-web-group-template");
    const text = gunzipSync(Buffer.from(userData as string, "base64")).toString();
    const bundle = await inputsOf("BucketObjectv2", "it-web-group-bundle");
    expect(bundle.key).toMatch(/^web\/[0-9a-f]{64}\.tar\.gz$/);
    expect(text).toContain(`s3://hotspare-0123abcd-demo-eu-central-1/${bundle.key}`);
  });

  test("packs user data the same everywhere, and refuses what EC2 would", () => {
    const packed = Buffer.from(packUserData("it", "#cloud-config\n"), "base64");
    // No time and no system in the header (RFC 1952, 2.3.1).
    expect([...packed.subarray(4, 8), packed[9]]).toEqual([0, 0, 0, 0, 255]);
    const noise = Array.from({ length: 40_000 }, (_, index) =>
      ((index * index * 2_654_435_761) >>> 7).toString(36),
    ).join("");
    expect(() => packUserData("it-web-template", noise)).toThrow(
      /^it-web-template: user data takes \d+ bytes compressed, and EC2 allows 16384; move files into the bundle$/,
    );
  });

  test("gives its tags to machines, disks and cards", async () => {
    const { tagSpecifications } = await inputsOf("LaunchTemplate", "it-web-standby-group-template");
    const tags = {
      Name: "demo-0123-web-hot",
      team: "shop",
      "hotspare.owner": "0123abcd",
      "hotspare.stack": "test",
      "hotspare.cluster": "demo",
      "hotspare.role": "hot",
      "hotspare.key": "web-hot",
    };
    expect(tagSpecifications).toEqual(
      ["instance", "network-interface", "volume"].map((resourceType) => ({ resourceType, tags })),
    );
  });
});

describe("groups", () => {
  const web = () => inputsOf("Group", "it-web-group");

  test("keep the planned number in the private subnets, by the load balancer's checks", async () => {
    expect(await web()).toMatchObject({
      name: "demo-0123-web",
      minSize: 3,
      desiredCapacity: 3,
      maxSize: 3,
      vpcZoneIdentifiers: ["eu-central-1a", "eu-central-1c"].map((zone) =>
        id("Subnet", `it-network-private-${zone}`),
      ),
      healthCheckType: "ELB",
      targetGroupArns: ["arn of TargetGroup it-web-group-targets"],
      launchTemplate: { id: id("LaunchTemplate", "it-web-group-template"), version: "7" },
      placementGroup: "demo-0123-web-spread",
    });
  });

  test("have cold standbys as a warm pool of stopped machines, exactly so many", async () => {
    expect((await web()).warmPool).toEqual({
      poolState: "Stopped",
      minSize: 2,
      maxGroupPreparedCapacity: 5,
      instanceReusePolicy: { reuseOnScaleIn: false },
    });
    const api = await inputsOf("Group", "it-api-group");
    expect(api.warmPool).toBeUndefined();
  });

  test.each([
    ["running", "Running"],
    ["hibernated", "Hibernated"],
  ])("have warm standbys %s where the stack says so", async (state, poolState) => {
    const warm = awsPlan({
      disk: "40 GB",
      image: { kind: "ami", id: imageId, architecture: "arm64" },
      instanceType: "m7g.large",
      pools: { web: { warm: { count: 1, state } } },
    });
    const recording = await recordAws(warm);
    expect(find(recording, "Group", "it-web-group").inputs.warmPool).toMatchObject({ poolState, minSize: 1 });
    expect(find(recording, "LaunchTemplate", "it-web-group-template").inputs.hibernationOptions).toEqual(
      state === "hibernated" ? { configured: true } : undefined,
    );
  });

  test("count a machine only when it says that it is ready, and let it finish", async () => {
    const hooks = [
      {
        name: "ready",
        lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        defaultResult: "ABANDON",
        heartbeatTimeout: 360,
      },
      {
        name: "drain",
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        defaultResult: "CONTINUE",
        // 5 s until every balancer has heard of it, 30 s for what is under way, 10 s to stop, a minute for the call.
        heartbeatTimeout: 105,
      },
    ];
    expect((await web()).initialLifecycleHooks).toEqual(hooks);
    // The same once more, since those that a group begins with can't be changed without it.
    for (const hook of hooks)
      expect(await inputsOf("LifecycleHook", `it-web-group-hook-${hook.name}`)).toEqual({
        ...hook,
        autoscalingGroupName: "demo-0123-web",
      });
  });

  test("launch before they terminate, also whoever fails its checks, so that wrong checks end nobody's service", async () => {
    for (const name of ["it-web-group", "it-api-group", "it-tier-lb"])
      expect((await inputsOf("Group", name)).instanceMaintenancePolicy).toEqual({
        minHealthyPercentage: 100,
        maxHealthyPercentage: 120,
      });
  });

  test("change what they launch by what rolls through them, and never by an update of their own", async () => {
    const asked: unknown[] = [];
    const recording = await recordAws(plan, {
      roll: async (machines, pace) => void asked.push({ machines, pace }),
    });
    const { inputs, hooks, dependsOn } = find(recording, "Stash", "it-web-group-roll");
    expect(inputs.input).toEqual({
      group: "demo-0123-web",
      template: id("LaunchTemplate", "it-web-group-template"),
      version: "7",
      mixed: null,
    });
    // Before the state has it, so that a change that is turned back is tried again.
    expect(hooks).toMatchObject({ beforeCreate: ["it-web-group-roll"], beforeUpdate: ["it-web-group-roll"] });
    await recording.hooks.get("it-web-group-roll")?.({ newInputs: inputs } as never);
    expect(asked).toEqual([
      {
        machines: inputs.input,
        pace: {
          minHealthyPercent: 100,
          maxHealthyPercent: 120,
          warmup: 30,
          checkpoints: [20, 50, 100],
          pause: 120,
          alarms: ["demo-0123-web-mass", "demo-0123-web-errors"],
        },
      },
    ]);
    for (const before of ["it-web-group", "it-web-group-hook-ready", "it-web-group-hook-drain"])
      expect(dependsOn.some((urn) => urn.endsWith(`::${before}`))).toBe(true);
    const group = find(recording, "Group", "it-web-group");
    expect(group.inputs.instanceRefresh).toBeUndefined();
    expect(group.dependsOn.some((urn) => urn.endsWith("::it-web-group-alarm-errors"))).toBe(true);
    expect(group.dependsOn.some((urn) => urn.endsWith("::it-web-group-listener"))).toBe(true);
  });

  test("follow their targets, and then own their number", async () => {
    const targets = [
      { kind: "cpu", percent: 55 },
      { kind: "requests", perSecond: 200 },
      { kind: "metric", namespace: "Shop", name: "Backlog", value: 10 },
    ];
    const recording = await recordAws(awsPlan({ pools: { web: { scaling: { max: 8, min: 1, targets } } } }));
    const group = find(recording, "Group", "it-web-group");
    expect(group.inputs).toMatchObject({ minSize: 1, maxSize: 8, desiredCapacity: 2 });
    expect(group.ignoreChanges).toEqual([
      "initialLifecycleHooks",
      "launchTemplate",
      "mixedInstancesPolicy",
      "desiredCapacity",
    ]);
    const configuration = (name: string) =>
      find(recording, "Policy", `it-web-group-${name}`).inputs.targetTrackingConfiguration;
    expect(configuration("follow-cpu")).toEqual({
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      targetValue: 55,
    });
    expect(configuration("follow-requests")).toEqual({
      customizedMetricSpecification: {
        namespace: "hotspare",
        metricName: "RequestsPerNode",
        statistic: "Sum",
        metricDimensions: [{ name: "Group", value: "demo-0123-web" }],
      },
      targetValue: 200,
    });
    expect(configuration("follow-Shop-Backlog-2d77")).toMatchObject({ targetValue: 10 });
    expect((find(await recorded(), "Group", "it-web-group") as Recorded).ignoreChanges).toEqual([
      "initialLifecycleHooks",
      "launchTemplate",
      "mixedInstancesPolicy",
    ]);
  });

  test("mix Spot machines in beyond the base", async () => {
    const spot = { onDemand: 1, types: ["t3a.small"] };
    const recording = await recordAws(awsPlan({ pools: { web: { spot } } }));
    const { inputs } = find(recording, "Group", "it-web-group");
    expect(inputs.launchTemplate).toBeUndefined();
    expect(inputs).toMatchObject({
      capacityRebalance: true,
      mixedInstancesPolicy: {
        instancesDistribution: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 0 },
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId: id("LaunchTemplate", "it-web-group-template"),
            version: "7",
          },
          overrides: [{ instanceType: "t3.small" }, { instanceType: "t3a.small" }],
        },
      },
    });
  });

  test("that stand close together are in the first zone alone", async () => {
    const recording = await recordAws(
      awsPlan({ instanceType: "c7g.large", pools: { web: { placement: "cluster" } } }),
    );
    expect(find(recording, "Group", "it-web-group").inputs.vpcZoneIdentifiers).toEqual([
      id("Subnet", "it-network-private-eu-central-1a"),
    ]);
    expect(find(recording, "PlacementGroup", "it-web-group-placement-cluster").inputs.strategy).toBe(
      "cluster",
    );
  });
});

describe("front", () => {
  test("is a Network Load Balancer in the public subnets, protected like the stack", async () => {
    expect(await inputsOf("LoadBalancer", "it-tier-lb-front")).toMatchObject({
      name: "demo-0123-front",
      loadBalancerType: "network",
      internal: false,
      subnets: ["eu-central-1a", "eu-central-1c"].map((zone) => id("Subnet", `it-network-public-${zone}`)),
      securityGroups: [id("SecurityGroup", "it-network-front-group")],
      enableCrossZoneLoadBalancing: true,
      enableDeletionProtection: true,
    });
    expect(await known((await recorded()).result.virtualAddress)).toBe("it-tier-lb-front.elb.example");
    expect(await known((await recorded()).result.url)).toBe("http://it-tier-lb-front.elb.example");
  });

  test("leads clients to the balancers, whose own health it asks", async () => {
    expect(await inputsOf("Listener", "it-tier-lb-http-listener")).toMatchObject({
      port: 80,
      protocol: "TCP",
      loadBalancerArn: "arn of LoadBalancer it-tier-lb-front",
      defaultActions: [{ type: "forward", targetGroupArn: "arn of TargetGroup it-tier-lb-http-targets" }],
    });
    expect(await inputsOf("TargetGroup", "it-tier-lb-http-targets")).toMatchObject({
      port: 80,
      protocol: "TCP",
      targetType: "instance",
      vpcId: id("Vpc", "it-network"),
      // 130 s in which new connections may still come, and 30 s for what is under way.
      deregistrationDelay: 160,
      healthCheck: { protocol: "HTTP", port: "9181", path: "/healthz" },
    });
    expect((await inputsOf("Group", "it-tier-lb")).targetGroupArns).toEqual([
      "arn of TargetGroup it-tier-lb-http-targets",
    ]);
  });

  test("checks nodes by listeners that let in nobody", async () => {
    expect(await inputsOf("Listener", "it-api-group-listener")).toMatchObject({ port: 64_002 });
    expect(await inputsOf("TargetGroup", "it-api-group-targets")).toMatchObject({
      port: 9000,
      healthCheck: { port: "traffic-port", protocol: "TCP" },
    });
    const open = all(await recorded(), "SecurityGroupIngressRule").map(({ inputs }) => inputs.fromPort);
    for (const { port } of awsPart(plan)?.front.checks ?? []) expect(open).not.toContain(port);
  });

  test("a node's life is asked apart from whether it can serve: by a connection, or at a path of its own", async () => {
    const pools = { web: { active: 2, standby: { hot: 1 }, health: { path: "/ready" } } };
    const checks = async (platform: object) => {
      const recording = await recordAws(awsPlan(platform, { pools }));
      return all(recording, "TargetGroup")
        .filter(({ name }) => name.startsWith("it-web"))
        .map(({ inputs }) => inputs.healthCheck);
    };
    const pace = { interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 };
    const connection = { ...pace, protocol: "TCP", port: "traffic-port" };
    expect(await checks({})).toEqual([connection, connection]);
    const path = { ...pace, protocol: "HTTP", port: "traffic-port", path: "/live", matcher: "200-299" };
    expect(await checks({ pools: { web: { live: "/live" } } })).toEqual([path, path]);
  });

  test("ends TLS itself where the certificate is of ACM, and leaves it to nginx elsewhere", async () => {
    const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b";
    const tls = (certificate: object) => ({ balancer: { kind: "nginx", listen: { tls: { certificate } } } });
    const listener = async (certificate: object) =>
      find(await recordAws(awsPlan({}, tls(certificate))), "Listener", "it-tier-lb-tls-listener").inputs;
    expect(await listener({ kind: "acm", arn: certificateArn })).toMatchObject({
      port: 443,
      protocol: "TLS",
      certificateArn,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      alpnPolicy: "HTTP2Preferred",
    });
    const own = await listener({ kind: "self-signed" });
    expect([own.protocol, own.certificateArn]).toEqual(["TCP", undefined]);
  });
});

describe("monitoring", () => {
  test("alarms go to the cluster's topic and its subscriber, or to the stack's own", async () => {
    expect(await inputsOf("TopicSubscription", "it-network-told-ops-example-com-c9c4")).toMatchObject({
      topic: "arn of Topic it-network-topic",
      endpoint: "ops@example.com",
    });
    expect(await inputsOf("MetricAlarm", "it-web-group-alarm-capacity")).toMatchObject({
      name: "demo-0123-web-capacity",
      namespace: "AWS/AutoScaling",
      metricName: "GroupInServiceInstances",
      dimensions: { AutoScalingGroupName: "demo-0123-web" },
      comparisonOperator: "LessThanThreshold",
      threshold: 3,
      treatMissingData: "breaching",
      alarmActions: ["arn of Topic it-network-topic"],
    });
    const topic = "arn:aws:sns:eu-central-1:123456789012:mine";
    const other = await recordAws(awsPlan({ monitoring: { topic } }));
    expect(all(other, "Topic")).toEqual([]);
    for (const { inputs } of all(other, "MetricAlarm")) expect(inputs.alarmActions).toEqual([topic]);
  });

  test("asks the load balancer of a group's own targets, by p99 where the plan says so", async () => {
    expect((await inputsOf("MetricAlarm", "it-tier-lb-alarm-none")).dimensions).toEqual({
      TargetGroup: "suffix of TargetGroup it-tier-lb-http-targets",
      LoadBalancer: "suffix of LoadBalancer it-tier-lb-front",
    });
    const latency = await inputsOf("MetricAlarm", "it-web-group-alarm-latency");
    expect([latency.extendedStatistic, latency.statistic]).toEqual(["p99", undefined]);
  });

  test("every planned alarm is made, and the dashboard names every group", async () => {
    const names = all(await recorded(), "MetricAlarm").map(({ inputs }) => inputs.name);
    expect(names.sort()).toEqual(
      awsPart(plan)
        ?.monitoring.alarms.map(({ name }) => name)
        .sort(),
    );
    const { dashboardBody } = await inputsOf("Dashboard", "it-monitor-dashboard");
    for (const { key, name } of plan.groups) {
      expect(dashboardBody).toContain(`**${key}**`);
      expect(dashboardBody).toContain(`"${name}"`);
    }
  });
});

describe("a preview", () => {
  test("doesn't know what only AWS can say, and says so", async () => {
    const preview = await recordAws(plan, { preview: true, outputs: () => ({}) });
    const { inputs } = find(preview, "Group", "it-web-group");
    expect(inputs.targetGroupArns).toEqual([unknown]);
    expect((inputs.launchTemplate as { version: unknown }).version).toBe(unknown);
  });
});

describe("transforms", () => {
  test("change arguments just before a child is made", async () => {
    const recording = await recordAws(plan, {
      aws: {
        vpc: (args) => ({ ...args, instanceTenancy: "dedicated" }),
        loadBalancer: (args) => ({ ...args, idleTimeout: 100 }),
        launchTemplate: (args, { key }) => ({ ...args, ebsOptimized: key === "web" ? "true" : "false" }),
        group: (args) => ({ ...args, maxInstanceLifetime: 604_800 }),
      },
    });
    expect(find(recording, "Vpc", "it-network").inputs.instanceTenancy).toBe("dedicated");
    expect(find(recording, "LoadBalancer", "it-tier-lb-front").inputs.idleTimeout).toBe(100);
    expect(find(recording, "LaunchTemplate", "it-web-group-template").inputs.ebsOptimized).toBe("true");
    expect(find(recording, "LaunchTemplate", "it-tier-lb-template").inputs.ebsOptimized).toBe("false");
    for (const { inputs } of all(recording, "Group").filter(({ type }) => type.startsWith("aws:autoscaling")))
      expect(inputs.maxInstanceLifetime).toBe(604_800);
  });
});
