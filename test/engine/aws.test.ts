import { afterAll, beforeAll, describe, expect, test } from "vitest";
import awsProduction from "../../stacks/aws-production.ts";
import awsStaging from "../../stacks/aws-staging.ts";
import { Engine, type Run } from "../support/aws/engine.ts";

/*
 * The stacks on AWS by the real engine: what a preview says is what `up` does, a second `up` does nothing, changes are made in place
 * wherever AWS can, and nothing is left in the end. In place of AWS stands a world that refuses what AWS refuses.
 */

const short = (urn: string) => urn.split("::").at(-1) ?? "";
const opsOf = ({ steps }: Run) => steps.map(({ op, urn }) => `${op} ${urn}`).sort();
const changed = ({ steps }: Run, op: string) =>
  steps
    .filter((step) => step.op === op)
    .map(({ urn }) => short(urn))
    .sort();

/** Previews a stack, brings it up, and holds that both agree. */
async function apply(engine: Engine, stack: object): Promise<Run> {
  const preview = await engine.preview(stack);
  expect(preview.errors).toBe("");
  const up = await engine.up(stack);
  expect(up.errors).toBe("");
  expect(opsOf(up)).toEqual(opsOf(preview));
  return up;
}

async function expectNothingLeft(engine: Engine, stack: object): Promise<void> {
  expect((await engine.up(stack)).errors).toBe("");
  await engine.unprotect();
  expect((await engine.destroy()).errors).toBe("");
  expect(engine.provider.world.things.map(({ urn }) => short(urn))).toEqual([]);
}

describe("staging", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.create("aws-staging");
  });
  afterAll(() => engine?.remove());

  test("a preview shows all that the first up makes, and a second up makes nothing", async () => {
    const up = await apply(engine, awsStaging);
    expect(changed(up, "create")).toHaveLength(up.steps.length);
    expect((await engine.up(awsStaging)).steps).toEqual([]);
  });

  test("what is protected from deletion stays, and can be removed once it isn't", async () => {
    await engine.unprotect();
    expect((await engine.destroy()).errors).toContain("is protected from deletion");
    await expectNothingLeft(engine, { ...awsStaging, protect: false });
  });
});

describe("production", () => {
  let engine: Engine;
  let stack: object = awsProduction;
  beforeAll(async () => {
    engine = await Engine.create("aws-production", { "tls-certificate": "a chain", "tls-key": "a key" });
    await apply(engine, stack);
  }, 180_000);
  afterAll(() => engine?.remove());

  /** Changes what stands by now. */
  function change(fields: object): Promise<Run> {
    stack = { ...stack, ...fields };
    return apply(engine, stack);
  }

  const { platform, pools } = awsProduction;
  const web = { ...pools.web, active: 8 };

  test("more nodes are a number of the group, and nothing else but what watches it", async () => {
    const up = await change({ pools: { ...pools, web } });
    expect(changed(up, "update")).toEqual([
      "aws-production-monitor-dashboard",
      "aws-production-web-group",
      "aws-production-web-group-alarm-capacity",
      "aws-production-web-group-alarm-mass",
    ]);
    expect(up.steps).toHaveLength(4);
  });

  test("another instance type is a new version of the templates, which the groups roll to", async () => {
    const up = await change({ platform: { ...platform, instanceType: "m7g.xlarge" } });
    expect(changed(up, "update").filter((name) => name.endsWith("-roll"))).toEqual(
      ["api-group", "api-standby-group", "web-group", "web-standby-group"].map(
        (group) => `aws-production-${group}-roll`,
      ),
    );
    expect(changed(up, "replace").filter((name) => !name.endsWith("-bundle"))).toEqual([]);
  });

  test("another algorithm is news for the balancers' files only, a longer drain for hooks and target groups", async () => {
    const api = { ...pools.api, algorithm: { kind: "round-robin" } };
    const up = await change({ pools: { web, api }, rollout: { drain: "60 s" } });
    expect(changed(up, "replace").filter((name) => !name.endsWith("-bundle"))).toEqual([]);
    expect(changed(up, "update")).toContain("aws-production-web-group-hook-drain");
    expect(changed(up, "update")).toContain("aws-production-web-group-targets");
  });

  test("another port makes the new target group before the old one goes, and replaces no group", async () => {
    const up = await change({ pools: { web, api: { ...pools.api, port: 9090 } } });
    expect(changed(up, "replace").filter((name) => !name.endsWith("-bundle"))).toEqual([
      "aws-production-api-group-targets",
      "aws-production-api-standby-group-targets",
    ]);
    const { deeds } = engine.provider.world;
    const [created, deleted] = ["create", "delete"].map((what) =>
      deeds.findLastIndex(
        (deed) => deed.what === what && short(deed.urn) === "aws-production-api-group-targets",
      ),
    );
    expect(created).toBeLessThan(deleted ?? -1);
  });

  test("down leaves nothing", async () => {
    // Production can't be without protection.
    await expectNothingLeft(engine, { ...stack, environment: "staging", protect: false });
  });
});
