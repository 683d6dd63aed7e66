import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AskedMachines } from "../../../../../components/platform/aws/index.ts";
import { rollGroup } from "../../../../../infra/grounds/aws/roll.ts";
import { credentials, region } from "../../../../support/aws/facts.ts";
import { Fleet, type Refresh } from "../../../../support/aws/provider/fleet.ts";
import { FleetServer } from "../../../../support/aws/provider/fleet-server.ts";
import { World } from "../../../../support/aws/provider/world.ts";

/*
 * Changes that roll through groups, by AWS's SDK over a stand-in for EC2 Auto Scaling. By the engine: test/engine/aws-rolls.test.ts.
 */

const groupType = "aws:autoscaling/group:Group";
const template = "lt-0123456789abcdef0";
const mixed = { onDemand: 1, types: ["t4g.small", "t4g.medium"] };
const asked = (version: string, more: Partial<AskedMachines> = {}): AskedMachines => ({
  group: "web",
  template,
  version,
  mixed: null,
  ...more,
});
const pace = {
  minHealthyPercent: 100,
  maxHealthyPercent: 120,
  warmup: 30,
  checkpoints: [50, 100],
  pause: 60,
  alarms: [],
};

let fleet: Fleet;
let world: World;
let server: FleetServer;
let client: AutoScalingClient;
let said: string[];
beforeEach(async () => {
  world = new World();
  fleet = new Fleet(world);
  server = new FleetServer({ world, fleet });
  client = new AutoScalingClient({ region, credentials, endpoint: await server.start() });
  said = [];
});
afterEach(() => server.stop());

const launched = (version: string) => ({ launchTemplate: { id: template, version } });

/** A group of three machines of version 1. */
function stand(launches: object = launched("1")): void {
  const inputs = { name: "web", minSize: 3, maxSize: 3, desiredCapacity: 3, ...launches };
  const thing = { urn: "urn:web", token: groupType, inputs, outputs: { ...inputs, id: "web" } };
  world.meddle(thing, {});
  const token = "aws:ec2/launchTemplate:LaunchTemplate";
  world.meddle({ urn: "urn:template", token, inputs: {}, outputs: { id: template } }, {});
  fleet.made(thing);
}

const roll = (version: string, more: Partial<AskedMachines> = {}, signal = new AbortController().signal) =>
  rollGroup({
    client,
    asked: asked(version, more),
    pace,
    say: (text) => void said.push(text),
    signal,
    longestPause: 1,
  });

test("what a group is made of already begins nothing", async () => {
  stand();
  await roll("1");
  expect(fleet.refreshes("web")).toEqual([]);
});

test("a change replaces the machines, and the group launches the new ones only then", async () => {
  stand();
  fleet.holds = true;
  const change = roll("2");
  await expect.poll(() => said.some((text) => text.includes("% replaced"))).toBe(true);
  expect(fleet.launch("web")).toBe(`${template}:1`);
  fleet.holds = false;
  await change;
  expect(new Set(fleet.machines("web"))).toEqual(new Set([`${template}:2`]));
  expect(fleet.launch("web")).toBe(`${template}:2`);
});

test("a change that is turned back is an error with AWS's reason, and leaves the machines of before", async () => {
  stand();
  fleet.refuses = "the alarm web-errors rose.";
  await expect(roll("2")).rejects.toThrow(
    "web: the change did not take (the alarm web-errors rose). The machines of before serve on",
  );
  expect(fleet.serving("web")).toEqual(Array(3).fill(`${template}:1`));
});

test("by the group's own update AWS would turn back to the new one, and nobody serve", async () => {
  stand();
  fleet.refuses = "the alarm web-errors rose";
  const [group] = world.things;
  if (group === undefined) throw new Error("no group");
  const inputs = {
    ...group.inputs,
    ...launched("2"),
    instanceRefresh: { preferences: { autoRollback: true } },
  };
  const changed = ["launchTemplate.version"];
  fleet.changed(world.update(group, inputs, group.outputs, changed), changed);
  expect(fleet.launch("web")).toBe(`${template}:2`);
  for (let looks = 0; looks < 3; looks++) fleet.refreshes("web");
  expect(fleet.refreshes("web")[0]?.status).toBe("RollbackFailed");
  expect(fleet.serving("web")).toEqual([]);
});

test("types and Spot are part of what is asked for", async () => {
  const policy = (onDemandBaseCapacity: number, types: readonly string[]) => ({
    mixedInstancesPolicy: {
      instancesDistribution: { onDemandBaseCapacity, onDemandPercentageAboveBaseCapacity: 0 },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template, version: "1" },
        overrides: types.map((instanceType) => ({ instanceType })),
      },
    },
  });
  stand(policy(1, mixed.types));
  await roll("1", { mixed });
  expect(fleet.refreshes("web")).toEqual([]);
  await roll("2", { mixed });
  expect(fleet.refreshes("web")).toHaveLength(1);
  await roll("2", { mixed: { ...mixed, onDemand: 2 } });
  expect(fleet.refreshes("web")).toHaveLength(2);
  await roll("2", { mixed: { ...mixed, share: 50 } });
  expect(fleet.refreshes("web")).toHaveLength(3);
});

/** Somebody else, or AWS, ends the newest change. */
function end(status: Refresh["status"]): void {
  const [newest] = fleet.refreshes("web");
  if (newest === undefined) throw new Error("no change");
  newest.status = status;
}

test.each(["Cancelled", "Failed"] as const)(
  "a change that ends %s leaves new machines among the old ones, and that is said",
  async (status) => {
    stand();
    fleet.holds = true;
    const change = roll("2");
    const failure = expect(change).rejects.toThrow(
      `web: the change did not take (AWS gives no reason), and AWS has not turned it back (${status}): new machines are among the old ones`,
    );
    await expect.poll(() => said.some((text) => text.includes("% replaced"))).toBe(true);
    end(status);
    await failure;
  },
);

test("a change that AWS never lists is not waited for without end", async () => {
  stand();
  fleet.refreshes = () => [];
  await expect(roll("2")).rejects.toThrow("web: AWS does not list the change (refresh-0)");
});

describe("with another change under way", () => {
  beforeEach(async () => {
    stand();
    fleet.holds = true;
    const stop = new AbortController();
    const waiting = roll("2", {}, stop.signal);
    await expect.poll(() => said.some((text) => text.includes("% replaced"))).toBe(true);
    stop.abort();
    await expect(waiting).rejects.toThrow(/^web: the change \(refresh-0\) goes on at AWS by itself/);
    expect(fleet.refreshes("web")[0]?.status).toBe("InProgress");
    said.length = 0;
  });

  test("to the same, its end is waited for", async () => {
    fleet.holds = false;
    await roll("2");
    expect(fleet.refreshes("web").map(({ status }) => status)).toEqual(["Successful"]);
  });

  test("to something else, that one is cancelled", async () => {
    const change = roll("3");
    await expect.poll(() => said.join("\n")).toContain("is cancelled, since there is a newer one");
    fleet.holds = false;
    await change;
    expect(fleet.refreshes("web").map(({ status }) => status)).toEqual(["Successful", "Cancelled"]);
    expect(fleet.launch("web")).toBe(`${template}:3`);
  });

  test("to the same that somebody cancels, the end of that is waited for and it begins anew", async () => {
    end("Cancelling");
    const change = roll("2");
    await expect.poll(() => said.join("\n")).toContain("is being turned back");
    fleet.holds = false;
    end("Cancelled");
    await change;
    expect(fleet.refreshes("web").map(({ status }) => status)).toEqual(["Successful", "Cancelled"]);
  });

  test("that ends before it is cancelled, the new one begins", async () => {
    fleet.cancel = () => {
      end("Successful");
      fleet.holds = false;
      return false;
    };
    await roll("3");
    expect(fleet.launch("web")).toBe(`${template}:3`);
  });

  test("and what the group is made of wanted again, it is cancelled and none begins", async () => {
    await roll("1");
    expect(fleet.refreshes("web").map(({ status }) => status)).toEqual(["Cancelled"]);
  });
});

test("a group that AWS doesn't have is said", async () => {
  await expect(roll("1")).rejects.toThrow("web: AWS has no such group");
});
