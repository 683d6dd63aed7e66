import {
  EnterStandbyCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, GetMetricStatisticsCommand, type Statistic } from "@aws-sdk/client-cloudwatch";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Groups } from "../../infra/runtime/follower/groups.ts";
import type { SeenGroup } from "../../infra/runtime/follower/members.ts";
import { Publisher } from "../../infra/runtime/follower/publisher.ts";
import { Trouble } from "../../infra/runtime/follower/trouble.ts";
import { Log } from "../../infra/runtime/warden/log.ts";
import { Aws, brokenPage, expired, requestLimitExceeded, slow, throttled } from "../support/aws/moto.ts";
import { Cloud, FollowerProcess } from "../support/follower.ts";
import { until } from "../support/until.ts";

/*
 * What follows the groups' members on AWS, over AWS's own client and a stand-in for AWS: the calls and answers have their real shapes.
 */

let aws: Aws;
let cloud: Cloud;
beforeAll(async () => {
  aws = await Aws.start();
  cloud = new Cloud(aws);
}, 300_000);
afterAll(() => aws?.stop());
beforeEach(async () => {
  await aws.reset();
  await cloud.prepare();
});

const never = () => new AbortController().signal;
const actions = (name: string) => aws.calls.filter(({ action }) => action === name);

describe("who is in the groups", () => {
  const look = async (groups: Groups, now = 0) => (await groups.look(now, never())).groups;
  const following = (...names: string[]) => new Groups(cloud.scaling, cloud.ec2, names);
  const addressesOf = (group: SeenGroup | undefined) =>
    Object.fromEntries((group?.instances ?? []).map(({ id, address }) => [id, address]));

  test("is told with addresses, and each machine is asked for once", async () => {
    await cloud.group("web", 2);
    const groups = following("web");
    const first = (await look(groups)).web;
    expect(first).toMatchObject({ desired: 2, instances: [{ state: "InService" }, { state: "InService" }] });
    expect(addressesOf(first)).toEqual(await cloud.addresses("web"));
    await cloud.scale("web", 3);
    aws.calls.length = 0;
    const second = (await look(groups)).web;
    const fresh = second?.instances.filter(({ id }) => !first?.instances.some((one) => one.id === id)) ?? [];
    expect(fresh).toHaveLength(1);
    await look(groups);
    const asked = actions("DescribeInstances").map(({ body }) => [...new URLSearchParams(body)]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContainEqual(["Filter.1.Value.1", fresh[0]?.id]);
    expect(asked[0]?.filter(([, value]) => value.startsWith("i-"))).toHaveLength(1);
  });

  test("is nobody of a group that isn't there, beside one that is", async () => {
    await cloud.group("web", 1);
    expect(Object.keys(await look(following("web", "api")))).toEqual(["web"]);
    expect(await look(following("api"))).toEqual({});
  });

  test("has states: who stands by, and who is gone", async () => {
    await cloud.group("web", 3);
    const groups = following("web");
    const [one, two] = Object.keys(await cloud.addresses("web"));
    await cloud.scaling.send(
      new EnterStandbyCommand({
        AutoScalingGroupName: "web",
        InstanceIds: [one ?? ""],
        ShouldDecrementDesiredCapacity: true,
      }),
    );
    await cloud.scaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({
        InstanceId: two,
        ShouldDecrementDesiredCapacity: true,
      }),
    );
    const { web } = await look(groups);
    expect(web?.instances.find(({ id }) => id === one)?.state).toBe("Standby");
    expect(web?.instances.some(({ id }) => id === two)).toBe(false);
    expect(web?.desired).toBe(1);
  });

  test("comes in pages when there are many", async () => {
    const names = Array.from({ length: 101 }, (_, index) => `pool-${index}`);
    for (const name of names) await cloud.group(name, 0);
    expect(Object.keys(await look(following(...names)))).toHaveLength(101);
    expect(actions("DescribeAutoScalingGroups")).toHaveLength(2);
  });

  test("doesn't come back when it was going, by an answer that is older than the one before", async () => {
    await cloud.group("web", 1);
    const groups = following("web");
    expect((await look(groups)).web?.instances).toMatchObject([{ state: "InService" }]);
    aws.answer("DescribeAutoScalingGroups", async (_, moto) => {
      const { status, body } = await moto();
      return { status, body: body.replaceAll(">InService<", ">Terminating:Wait<") };
    });
    expect((await look(groups)).web?.instances).toMatchObject([{ state: "Terminating:Wait" }]);
    aws.answer("DescribeAutoScalingGroups", null);
    expect((await look(groups)).web?.instances).toMatchObject([{ state: "Terminating" }]);
  });

  test("is told without the addresses when EC2 is busy", async () => {
    await cloud.group("web", 1);
    aws.answer("DescribeInstances", requestLimitExceeded);
    const observed = await following("web").look(0, never());
    expect(observed.groups.web?.instances).toMatchObject([{ state: "InService", address: null }]);
    expect(observed.unknown?.name).toBe("RequestLimitExceeded");
  });
});

const interval = 200;
const config = {
  schema: 1,
  follower: "lb",
  region: "eu-central-1",
  interval,
  pools: {
    web: {
      algorithm: { kind: "round-robin" },
      health: { path: "/readyz" },
      port: 8080,
      active: "web",
      hot: "web-hot",
    },
    api: {
      algorithm: { kind: "round-robin" },
      health: { path: "/readyz" },
      port: 9000,
      active: "api",
      hot: null,
    },
  },
  metrics: {
    namespace: "hotspare",
    requests: "RequestsPerNode",
    errors: "ServerErrorPercent",
    latency: "RequestSeconds",
    retries: "Retries",
    refused: "RetriesRefused",
    cluster: "shop",
  },
};

describe("the program, by the Node that Debian 13 has", () => {
  let follower: FollowerProcess;
  beforeEach(() => {
    follower = new FollowerProcess();
  });
  afterEach(() => follower.remove());

  const said = (event: string) => follower.lines.filter((line) => line.event === event);
  const start = (environment: Record<string, string> = aws.environment) =>
    follower.start(config, environment);
  const last = () => follower.nginx.taken.at(-1)?.pools;
  const rolesOf = (members: readonly { address: string; role: string }[] = []) =>
    Object.fromEntries(members.map(({ address, role }) => [address, role]));

  test("writes the first document for an nginx that isn't there yet, then brings changes to the running one", async () => {
    await cloud.group("web", 2);
    await cloud.group("web-hot", 1);
    await start();
    await until("the file is there", () => follower.stored !== null);
    const [one, two] = Object.values(await cloud.addresses("web"));
    const [hot] = Object.values(await cloud.addresses("web-hot"));
    expect(rolesOf(follower.stored?.pools.web?.members)).toEqual({
      [one ?? ""]: "active",
      [two ?? ""]: "active",
      [hot ?? ""]: "hot",
    });
    expect(follower.stored?.pools.api?.members).toEqual([]);

    await follower.nginx.start(follower.stored?.revision);
    await cloud.group("api", 1);
    await until("the new pool is brought", () => last()?.api?.members.length === 1);
    expect(rolesOf(last()?.api?.members)).toEqual(
      rolesOf(Object.values(await cloud.addresses("api")).map((address) => ({ address, role: "active" }))),
    );
    await cloud.scale("web", 1);
    await until("fewer nodes are brought", () => last()?.web?.members.length === 2);
    expect(follower.nginx.taken).toHaveLength(2);
  });

  test("brings its document again to an nginx that has started from an older one", async () => {
    await cloud.group("web", 1);
    await follower.nginx.start();
    await start();
    await until("nginx has it", () => follower.nginx.taken.length === 1);
    await follower.nginx.stop();
    await until("it is in the file meanwhile", () => follower.stored !== null);
    await follower.nginx.start("0af3");
    await until("nginx has it again", () => follower.nginx.taken.length === 2);
    expect(follower.nginx.taken[1]).toEqual(follower.nginx.taken[0]);
  });

  test("brings again what nginx refused, and says so once", async () => {
    await cloud.group("web", 1);
    follower.nginx.code = 500;
    await follower.nginx.start();
    await start();
    await until("that is said", () => said("trouble").length > 0);
    follower.nginx.code = 200;
    await until("nginx has it", () => follower.nginx.taken.length === 1, 15_000);
    expect(said("trouble")).toMatchObject([
      { follower: "lb", why: "the balancer doesn't take its members: PUT /members: 500 {}" },
    ]);
    await until("its end is said", () => said("over").length === 1);
  });

  test.each([
    ["throttles", throttled, "Throttling: Rate exceeded (HTTP 400)"],
    ["fails with a page of HTML", brokenPage, "(HTTP 500)"],
    ["takes the credentials no longer", expired, "ExpiredToken: The security token"],
    ["is silent", slow(60_000), "TimeoutError"],
  ])("keeps all members while AWS %s, and goes on afterwards", async (_, responder, words) => {
    await cloud.group("web", 2);
    await follower.nginx.start();
    await start();
    await until("nginx has them", () => last()?.web?.members.length === 2);
    aws.answer("DescribeAutoScalingGroups", responder);
    await cloud.scale("web", 3);
    await until("that is said", () => said("trouble").length > 0, 15_000);
    const asked = actions("DescribeAutoScalingGroups").length;
    await until("it has asked again", () => actions("DescribeAutoScalingGroups").length > asked + 1, 15_000);
    expect(said("trouble")).toHaveLength(1);
    expect(said("trouble")[0]?.why).toContain(words);
    expect(follower.nginx.taken).toHaveLength(1);
    aws.answer("DescribeAutoScalingGroups", null);
    await until("the third is brought", () => last()?.web?.members.length === 3, 20_000);
    expect(said("over")).toMatchObject([{ why: "no longer: the groups can't be seen" }]);
  });

  test("makes no document without credentials, and lives on", async () => {
    await start({ AWS_EC2_METADATA_DISABLED: "true", AWS_ENDPOINT_URL: aws.url, HOME: "/nonexistent" });
    await until("that is said", () => said("trouble").length === 1);
    expect(said("trouble")[0]?.why).toContain("CredentialsProviderError");
    expect(follower.stored).toBeNull();
    expect((await follower.end()).code).toBe(0);
  });

  test("ends at once when it is told to, also while AWS is silent", async () => {
    await cloud.group("web", 1);
    aws.answer("DescribeAutoScalingGroups", slow(60_000));
    await start();
    await until("it asks", () => actions("DescribeAutoScalingGroups").length > 0);
    const { code, took } = await follower.end();
    expect(code).toBe(0);
    expect(took).toBeLessThan(1000);
  });
});

describe("what a balancer publishes", () => {
  const client = () =>
    new CloudWatchClient({
      endpoint: aws.url,
      region: "eu-central-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
  const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000);

  /** A balancer whose counters are as the test sets them. */
  function balancer() {
    const log = new Log({ follower: "test" });
    const said: string[] = [];
    log.say = (event, why) => said.push(`${event}: ${why}`);
    const instances = ["i-1", "i-2"].map((id) => ({ id, state: "InService", address: null }));
    const retries = { made: 0, refused: 0 };
    let answers: object | null = { count: 0, errors: 0, latency: {} };
    const publisher = new Publisher({
      names: config.metrics,
      pools: { web: config.pools.web },
      groups: () => ({ web: { desired: 2, instances } }),
      balancer: {
        status: async () =>
          answers === null
            ? null
            : { revision: "0", generation: 1, loadedAt: 1, pools: { web: { answers, retries } } },
      },
      client: client(),
      trouble: new Trouble(log),
    });
    return { publisher, said, count: (next: object | null) => (answers = next) };
  }

  /** What CloudWatch makes of that minute. */
  async function read(name: string, dimensions: Record<string, string>, ...statistics: Statistic[]) {
    const { Datapoints = [] } = await client().send(
      new GetMetricStatisticsCommand({
        Namespace: "hotspare",
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: minute,
        EndTime: new Date(minute.getTime() + 60_000),
        Period: 60,
        Statistics: statistics,
      }),
    );
    return Datapoints.map((point) => statistics.map((statistic) => point[statistic]));
  }
  const pool = { Cluster: "shop", Pool: "web" };

  test("is put together by the statistics that alarms and targets use", async () => {
    const [busy, idle] = [balancer(), balancer()];
    for (const { publisher } of [busy, idle]) await publisher.minute(minute, 0);
    expect(actions("PutMetricData")).toEqual([]);
    busy.count({ count: 1080, errors: 108, latency: { "0.01": 1000, "2.154435": 80 } });
    idle.count({ count: 120, errors: 0, latency: { "0.01": 120 } });
    for (const { publisher } of [busy, idle]) await publisher.minute(minute, 60_000);
    // (18 + 2) requests a second over two nodes; 108 of 1,200.
    expect(await read("RequestsPerNode", { Group: "web" }, "Sum")).toEqual([[10]]);
    expect(await read("ServerErrorPercent", pool, "Average", "SampleCount")).toEqual([[9, 1200]]);
    expect(await read("RequestSeconds", pool, "Maximum", "SampleCount")).toEqual([[2.154435, 1200]]);
    expect([...busy.said, ...idle.said]).toEqual([]);
  });

  test("is nothing of a balancer without nginx, and goes on from there", async () => {
    const { publisher, count } = balancer();
    await publisher.minute(minute, 0);
    count(null);
    await publisher.minute(minute, 60_000);
    expect(actions("PutMetricData")).toEqual([]);
    count({ count: 240, errors: 0, latency: { "1": 240 } });
    await publisher.minute(minute, 120_000);
    expect(await read("RequestsPerNode", { Group: "web" }, "Sum")).toEqual([[1]]);
  });

  test("is lost when CloudWatch refuses it, and never sent twice", async () => {
    const { publisher, count, said } = balancer();
    await publisher.minute(minute, 0);
    aws.answer("PutMetricData", throttled);
    count({ count: 600, errors: 0, latency: { "1": 600 } });
    await publisher.minute(minute, 60_000);
    aws.answer("PutMetricData", null);
    await publisher.minute(minute, 120_000);
    expect(await read("RequestsPerNode", { Group: "web" }, "Sum")).toEqual([[0]]);
    expect(said).toMatchObject([
      expect.stringContaining("trouble: the balancer's figures can't be published"),
      "over: no longer: the balancer's figures can't be published",
    ]);
  });
});
