import { afterAll, beforeAll, expect, test, vi } from "vitest";
import awsStaging from "../../stacks/aws-staging.ts";
import { Engine } from "../support/aws/engine.ts";

/*
 * Changes of machines that roll through their groups, by the real engine and the program's own calls of EC2 Auto Scaling: what they
 * leave when AWS turns them back, when the person stops waiting, and when there is a newer one.
 */

// Several ups each, of seconds on a quiet machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let engine: Engine;
let group: string;
beforeAll(async () => {
  engine = await Engine.create("aws-staging");
  expect((await engine.up(stackOf("t4g.small"))).errors).toBe("");
  const made = engine.provider.world.things.find(({ urn }) => urn.endsWith("::aws-staging-web-group"));
  group = String(made?.inputs.name);
}, 300_000);
afterAll(() => engine?.remove());

/** The balancers keep their type, so only the groups of nodes change. */
const stackOf = (instanceType: string) => ({
  ...awsStaging,
  protect: false,
  platform: { ...awsStaging.platform, instanceType, balancerType: "t4g.small" },
});

const fleet = () => engine.provider.fleet;
const newest = () => fleet().refreshes(group)[0];
const versions = () =>
  fleet()
    .machines(group)
    .map((making) => making.split(":")[1]);

test("a broken image leaves the machines of before serving, and what the group launches is of them", async () => {
  const before = versions();
  fleet().refuses = "the new machines don't get ready";
  const up = await engine.up(stackOf("t4g.medium"));
  expect(up.errors).toContain(`${group}: the change did not take (the new machines don't get ready)`);
  expect(up.errors).toContain("The machines of before serve on");
  expect(newest()?.status).toBe("RollbackSuccessful");
  expect(versions()).toEqual(before);
  expect(fleet().serving(group)).toHaveLength(before.length);
  // A lost machine, or a scale-out, in the middle of the night.
  expect(fleet().launch(group).split(":")[1]).toBe(before[0]);
  expect(fleet().serving(group)).toHaveLength(before.length + 1);
});

test("the next up tries the same again, and the one after that does nothing", async () => {
  fleet().refuses = null;
  const tried = fleet().refreshes(group).length;
  // As somebody would who has fixed what the image needs elsewhere: the stack is the same.
  const up = await engine.up(stackOf("t4g.large"));
  expect(up.errors).toBe("");
  expect(fleet().refreshes(group)).toHaveLength(tried + 1);
  expect(new Set(versions())).toEqual(new Set(["3"]));
  expect(
    (await engine.refreshAndUp(stackOf("t4g.large"))).steps.filter(({ op }) => op !== "refresh"),
  ).toEqual([]);
  expect(fleet().refreshes(group)).toHaveLength(tried + 1);
});

test("Ctrl-C leaves a change running and says so; the next up waits for that one and begins no other", async () => {
  fleet().holds = true;
  const stopped = await engine.upInterrupted(
    stackOf("t4g.xlarge"),
    () => newest()?.looks === 0 && isRunning(),
  );
  expect(stopped.said).toContain("goes on at AWS by itself");
  expect(newest()?.status).toBe("InProgress");
  const known = fleet().refreshes(group).length;

  fleet().holds = false;
  expect((await engine.up(stackOf("t4g.xlarge"))).errors).toBe("");
  expect(fleet().refreshes(group)).toHaveLength(known);
  expect(newest()?.status).toBe("Successful");
  expect(new Set(versions())).toEqual(new Set(["4"]));
});

const isRunning = () => newest()?.status === "InProgress";

test("a newer change cancels one that is under way, and is the one that stands in the end", async () => {
  fleet().holds = true;
  await engine.upInterrupted(stackOf("t4g.2xlarge"), isRunning);
  expect(isRunning()).toBe(true);
  const up = engine.up(stackOf("t4g.small"));
  while (newest()?.desired.split(":")[1] !== "6") await new Promise((resolve) => setTimeout(resolve, 100));
  fleet().holds = false;
  expect((await up).errors).toBe("");
  expect(
    fleet()
      .refreshes(group)
      .slice(0, 2)
      .map(({ status }) => status),
  ).toEqual(["Successful", "Cancelled"]);
  expect(new Set(versions())).toEqual(new Set(["6"]));
});

test("a mix of Spot that is interrupted and taken back is cancelled and turned back, though the state never had it", async () => {
  fleet().holds = true;
  const mixed = stackOf("t4g.small");
  const spot = { onDemand: 1, types: ["t4g.medium", "m7g.medium"] };
  // A warm pool and Spot exclude each other.
  const pools = { web: { ...awsStaging.pools.web, standby: { hot: 1, cold: 0 } } };
  await engine.up({ ...stackOf("t4g.small"), pools });
  const known = fleet().refreshes(group).length;
  await engine.upInterrupted(
    { ...mixed, pools, platform: { ...mixed.platform, pools: { web: { spot } } } },
    () => isRunning() && fleet().refreshes(group).length > known,
  );
  expect(newest()?.status).toBe("InProgress");
  const back = engine.up({ ...stackOf("t4g.small"), pools });
  while (fleet().refreshes(group)[1]?.status !== "Cancelled")
    await new Promise((resolve) => setTimeout(resolve, 100));
  fleet().holds = false;
  expect((await back).errors).toBe("");
  expect(newest()?.status).toBe("Successful");
  expect(new Set(fleet().serving(group))).toEqual(new Set([fleet().launch(group)]));
});

test("down leaves nothing", async () => {
  expect((await engine.destroy()).errors).toBe("");
  expect(engine.provider.world.things).toEqual([]);
});
