import { CreateTagsCommand, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeLoadBalancerAttributesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { awsPlanOf } from "../../components/plan/platforms/aws/part.ts";
import { type AwsAccess, awsAccess } from "../../scripts/platforms/aws/access.ts";
import { eventsOf } from "../../scripts/platforms/aws/activities.ts";
import { groupsStatus } from "../../scripts/platforms/aws/cluster-status.ts";
import { machinesLeft } from "../../scripts/platforms/aws/leftovers.ts";
import { look } from "../../scripts/platforms/aws/look.ts";
import { allowDeletion } from "../../scripts/platforms/aws/protection.ts";
import { listRefreshes, setAlarm, standUp } from "../support/aws/account.ts";
import { Aws, expired, type Responder, requestLimitExceeded, throttled } from "../support/aws/moto.ts";
import { awsPlan } from "../support/aws/stacks.ts";

/*
 * What the commands ask AWS, by the real SDK with the API's real shapes, of an account that moto makes up. What moto doesn't know of
 * is answered in its place as AWS's API reference has it.
 */

const plan = awsPlan({}, { protect: true, pools: { web: { active: 2, standby: { hot: 1 } } } });
const planned = awsPlanOf(plan);
const name = (key: string) => plan.groups.find((group) => group.key === key)?.name ?? "";

let aws: Aws;
let access: AwsAccess;
let front: string;
beforeAll(async () => {
  aws = await Aws.start();
  for (const [key, value] of Object.entries(aws.environment)) vi.stubEnv(key, value);
  access = awsAccess("eu-central-1");
}, 180_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws?.stop();
});
beforeEach(async () => {
  await aws.reset();
  listRefreshes(aws);
  ({ front } = await standUp(access, plan, planned));
});

const status = async () => groupsStatus(plan, planned, "test", await look(access, plan, planned), null);

describe("what AWS tells of a cluster", () => {
  test("is, as planned, a status that is ok, with every machine's zone, address and checks", async () => {
    const { state, findings, groups, front: inFront } = await status();
    expect({ state, findings }).toEqual({ state: "ok", findings: [] });
    expect(inFront).toMatchObject({ name: planned.front.name, state: "active" });
    expect(groups.map(({ key, inService, desired }) => [key, inService, desired])).toEqual([
      ["lb", 2, 2],
      ["web", 2, 2],
      ["web-hot", 1, 1],
    ]);
    for (const machine of groups.flatMap(({ machines }) => machines)) {
      expect(machine).toMatchObject({ stage: "in service", target: { state: "healthy" } });
      expect(machine.id).toMatch(/^i-[0-9a-f]+$/);
      expect(machine.zone).toMatch(/^eu-central-1[ab]$/);
      expect(machine.address).toMatch(/^10\.80\.[01]\./);
    }
  });

  test("of nothing is nothing", async () => {
    await aws.reset();
    expect(await status()).toMatchObject({ state: "absent", front: null });
  });

  test("has an alarm that has risen", async () => {
    const [alarm] = planned.monitoring.alarms.filter(({ key }) => key === "web-capacity");
    await setAlarm(access, alarm?.name ?? "", "ALARM");
    const { state, findings, alarms } = await status();
    expect(state).toBe("degraded");
    expect(findings).toContain(`alarm web-capacity: ${alarm?.description}`);
    expect(alarms).toMatchObject([{ key: "web-capacity", reason: "by a test" }]);
  });

  test("has the change that rolls through a group, and the one that was turned back with AWS's reason", async () => {
    listRefreshes(aws, {
      [name("web")]: [
        {
          id: "2",
          status: "InProgress",
          percent: 50,
          left: 1,
          reason: "Waiting for instances to warm up",
          start: "2026-11-01T10:00:00Z",
        },
        { id: "1", status: "Successful", percent: 100, left: 0 },
      ],
      [name("lb")]: [
        {
          id: "3",
          status: "RollbackSuccessful",
          percent: 50,
          left: 1,
          end: "2026-11-01T09:00:00Z",
          back: { reason: "The alarm lb-none went into ALARM", percent: 100, left: 0 },
        },
      ],
    });
    const { underWay, findings, groups } = await status();
    expect(underWay).toEqual([
      "web is given new machines, 50 %, 1 machine to go: Waiting for instances to warm up",
    ]);
    expect(findings).toEqual([
      "the last change of lb did not come to its end (rollback successful): The alarm lb-none went into ALARM",
    ]);
    expect(groups[1]?.refresh).toMatchObject({ id: "2", ended: null });
  });

  test("comes all the same when AWS answers slowly to many questions at first", async () => {
    let refusals = 0;
    const atFirst =
      (answer: Responder): Responder =>
      (...asked) =>
        refusals++ < 2 ? answer(...asked) : null;
    aws.answer("DescribeAutoScalingGroups", atFirst(throttled));
    aws.answer("DescribeInstances", atFirst(requestLimitExceeded));
    expect((await status()).state).toBe("ok");
    expect(refusals).toBeGreaterThan(2);
  });

  test("is, with credentials that have expired or lack a right, a sentence with the way out", async () => {
    aws.answer("DescribeAutoScalingGroups", expired);
    await expect(status()).rejects.toThrow("the credentials for AWS have expired (The security token");
    aws.answer("DescribeAutoScalingGroups", () => ({
      status: 403,
      body: "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User x is not authorized to perform: autoscaling:DescribeAutoScalingGroups</Message></Error></ErrorResponse>",
    }));
    await expect(status()).rejects.toThrow("these credentials lack a right: User x is not authorized");
  });
});

describe("events", () => {
  const activity = (id: number, description: string, more = "") =>
    `<member><ActivityId>${id}</ActivityId><AutoScalingGroupName>${name("web")}</AutoScalingGroupName><Description>${description}</Description><Cause>At 2026-11-01T10:00:0${id}Z a reason.</Cause><StartTime>2026-11-01T10:00:0${id}Z</StartTime><StatusCode>Successful</StatusCode>${more}</member>`;
  const page = (members: string, next = "") => ({
    status: 200,
    body: `<DescribeScalingActivitiesResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><DescribeScalingActivitiesResult><Activities>${members}</Activities>${next}</DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>`,
  });

  beforeEach(() => {
    aws.answer("DescribeScalingActivities", ({ body }) => {
      const asked = new URLSearchParams(body);
      if (asked.get("AutoScalingGroupName") !== name("web")) return page("");
      if (asked.get("NextToken") === null)
        return page(activity(4, "Terminating EC2 instance: i-0aa"), "<NextToken>more</NextToken>");
      return page(
        activity(3, "Launching a new EC2 instance: i-0bb", "<StatusMessage>no capacity</StatusMessage>") +
          activity(1, "Launching a new EC2 instance: i-0aa"),
      );
    });
    listRefreshes(aws, {
      [name("web")]: [
        { id: "1", status: "Successful", start: "2026-11-01T10:00:02Z", end: "2026-11-01T10:00:05Z" },
      ],
    });
  });

  test("are what AWS did with all groups, page by page, in the order of time", async () => {
    const events = await eventsOf(access, plan.groups, 100);
    expect(
      events.map(({ time, group, event, status: how, node }) => [
        time.slice(17, 19),
        group,
        event,
        how,
        node,
      ]),
    ).toEqual([
      ["01", "web", "launch", "Successful", "i-0aa"],
      ["02", "web", "change", "InProgress", undefined],
      ["03", "web", "launch", "Successful", "i-0bb"],
      ["04", "web", "terminate", "Successful", "i-0aa"],
      ["05", "web", "change", "Successful", undefined],
    ]);
    expect(events[2]?.why).toBe("no capacity (At 2026-11-01T10:00:03Z a reason.)");
  });

  test("are the newest where only some are asked for", async () => {
    const launches = (await eventsOf(access, plan.groups, 2)).filter(({ event }) => event !== "change");
    expect(launches.map(({ time }) => time.slice(17, 19))).toEqual(["03", "04"]);
  });
});

describe("before everything is removed", () => {
  const isProtected = async () => {
    const { Attributes = [] } = await access.elb.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: front }),
    );
    return Attributes.find(({ Key }) => Key === "deletion_protection.enabled")?.Value;
  };

  test("the load balancer's protection is switched off, once", async () => {
    expect(await isProtected()).toBe("true");
    expect(await allowDeletion(access, front)).toBe(true);
    expect(await isProtected()).toBe("false");
    expect(await allowDeletion(access, front)).toBe(false);
  });

  test("one that is gone needs none", async () => {
    await aws.reset();
    expect(await allowDeletion(access, front)).toBe(false);
  });
});

test("machines and disks that bear a stack's tags are found, those of others aren't", async () => {
  const run = async (owner: string, stack: string) => {
    const { Instances } = await access.ec2.send(
      new RunInstancesCommand({
        ImageId: "ami-12c6146b",
        InstanceType: "t3.small",
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    const id = Instances?.[0]?.InstanceId ?? "";
    const Tags = [
      { Key: "hotspare.owner", Value: owner },
      { Key: "hotspare.stack", Value: stack },
    ];
    await access.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    return id;
  };
  const ours = await run("me", "test");
  await run("me", "other");
  await run("you", "test");
  expect(await machinesLeft(access, { owner: "me", stack: "test" })).toEqual([ours]);
});
