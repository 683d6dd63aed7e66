import { afterAll, beforeAll, describe, expect, test } from "vitest";
import awsStaging from "../../stacks/aws-staging.ts";
import { Engine, type Run } from "../support/aws/engine.ts";
import type { Thing } from "../support/aws/provider/world.ts";

/*
 * What can go wrong with a stack on AWS, by the real engine: an `up` that ends in the middle, things that others change or delete; and
 * what is changed in which order. The world behind it refuses what AWS refuses.
 */

const canaries = {
  "tls-certificate": "canary-chain-5b1f",
  "tls-key": "canary-key-83c2",
  token: "canary-token-e07a",
};
const given = {
  kind: "given",
  certificate: { secret: "tls-certificate" },
  key: { secret: "tls-key" },
};
const balancer = (certificate: object) => ({ kind: "nginx", count: 2, listen: { tls: { certificate } } });
const acm = (id: string) => ({
  kind: "acm",
  arn: `arn:aws:acm:eu-central-1:123456789012:certificate/${id}`,
});
const web = { active: 2, standby: { cold: 1 }, environment: { TOKEN: { secret: "token" } } };

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";
const did = ({ steps }: Run, ...ops: string[]) =>
  steps
    .filter(({ op }) => ops.includes(op))
    .map(({ urn }) => nameOf(urn))
    .sort();
const replacing = ["replace", "create-replacement", "delete-replaced"];
const withoutBundles = (names: readonly string[]) => names.filter((name) => !name.endsWith("-bundle"));

describe("a stack on AWS", () => {
  let engine: Engine;
  let stack: object = {
    ...awsStaging,
    protect: false,
    balancer: balancer(given),
    pools: { web },
  };
  const runs: Run[] = [];

  beforeAll(async () => {
    engine = await Engine.create("aws-staging", canaries);
  });
  afterAll(() => engine?.remove());

  async function run(what: "up" | "refreshAndUp", fields: object = {}): Promise<Run> {
    stack = { ...stack, ...fields };
    const done = await engine[what](stack);
    runs.push(done);
    return done;
  }

  const { platform } = awsStaging;
  const things = (name: string) => engine.provider.world.things.filter(({ urn }) => nameOf(urn) === name);
  const thing = (name: string): Thing => {
    const [found, ...others] = things(name);
    if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} of ${name}`);
    return found;
  };
  const lastDeed = (what: string, name: string) =>
    engine.provider.world.deeds.findLastIndex((deed) => deed.what === what && nameOf(deed.urn) === name);

  test("an up that AWS ends in the middle is gone on with, and nothing is made twice", async () => {
    engine.provider.troubles.set("aws-staging-web-group-hook-ready", "refused");
    const broken = await run("up");
    expect(broken.errors).toContain("Throttling: aws-staging-web-group-hook-ready wasn't made");
    const made = engine.provider.world.things.map(({ urn }) => nameOf(urn));
    expect(made).toContain("aws-staging-tier-lb-front");
    expect(made).toContain("aws-staging-web-group");
    expect(made).not.toContain("aws-staging-web-group-hook-ready");

    const mended = await run("up");
    expect(mended.errors).toBe("");
    expect(did(mended, "create").filter((name) => made.includes(name))).toEqual([]);
    expect(did(mended, "create")).toContain("aws-staging-web-group-hook-ready");
    expect(did(mended, ...replacing, "delete")).toEqual([]);
    const urns = engine.provider.world.things.map(({ urn }) => urn);
    expect(new Set(urns).size).toBe(urns.length);
    expect((await run("up")).steps).toEqual([]);
  });

  test("what doesn't get well is kept, and looked at again by the next up", async () => {
    engine.provider.troubles.set("aws-staging-api-group", "unhealthy");
    const pools = { web, api: { active: 2 } };
    const routes = [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api" },
    ];
    const broken = await run("up", { pools, routes });
    expect(broken.errors).toContain("timeout while waiting for aws-staging-api-group");
    expect(things("aws-staging-api-group")).toHaveLength(1);

    const mended = await run("up");
    expect(mended.errors).toBe("");
    expect(did(mended, "create")).not.toContain("aws-staging-api-group");
    // A bundle is named by its content, so another one is another object.
    expect(did(mended, ...replacing).filter((name) => !name.endsWith("-bundle"))).toEqual([]);
    expect(things("aws-staging-api-group")).toHaveLength(1);
  });

  test("what somebody has changed or deleted is seen by a refresh, and mended by the same up", async () => {
    engine.provider.world.meddle(thing("aws-staging-web-group-targets"), { deregistrationDelay: 3600 });
    engine.provider.world.lose(thing("aws-staging-web-group-alarm-capacity"));
    const trusting = await run("up");
    expect(trusting.steps).toEqual([]);

    const looking = await run("refreshAndUp");
    expect(looking.errors).toBe("");
    expect(did(looking, "update")).toContain("aws-staging-web-group-targets");
    expect(did(looking, "create")).toEqual(["aws-staging-web-group-alarm-capacity"]);
    expect(thing("aws-staging-web-group-targets").inputs.deregistrationDelay).toBe(35);
    expect(things("aws-staging-web-group-alarm-capacity")).toHaveLength(1);
  });

  test("another instance type makes the templates' versions first, then the groups roll to them", async () => {
    const up = await run("up", { platform: { ...platform, instanceType: "t4g.medium" } });
    expect(up.errors).toBe("");
    expect(withoutBundles(did(up, ...replacing))).toEqual([]);
    for (const group of ["aws-staging-web-group", "aws-staging-api-group"]) {
      const { id, latestVersion } = thing(`${group}-template`).outputs;
      const [rolled] = engine.provider.fleet.refreshes(String(thing(group).inputs.name));
      expect(rolled).toMatchObject({ desired: `${id}:${latestVersion}`, status: "Successful" });
    }
  });

  test("a certificate of ACM takes TLS to the load balancer, and another one is a change of the listener alone", async () => {
    const first = await run("up", { balancer: balancer(acm("0a1b")) });
    expect(first.errors).toBe("");
    const second = await run("up", { balancer: balancer(acm("2c3d")) });
    expect(second.errors).toBe("");
    const listeners = second.steps.filter(({ diffs }) => diffs.includes("certificateArn"));
    expect(listeners.map(({ op, urn }) => [op, nameOf(urn)])).toEqual([
      ["update", "aws-staging-tier-lb-tls-listener"],
    ]);
    expect(withoutBundles(did(second, ...replacing))).toEqual([]);
  });

  test("a zone more and hot standbys are added to what stands, and a pool goes whole", async () => {
    const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
    const pools = { web: { ...web, standby: { hot: 1, cold: 1 } } };
    const up = await run("up", {
      platform: { ...platform, zones },
      pools,
      routes: [{ path: "/", pool: "web" }],
    });
    expect(up.errors).toBe("");
    expect(withoutBundles(did(up, ...replacing))).toEqual([]);
    expect(did(up, "create")).toContain("aws-staging-network-private-eu-central-1c");
    expect(did(up, "create")).toContain("aws-staging-web-standby-group");
    expect(thing("aws-staging-web-group").inputs.vpcZoneIdentifiers).toHaveLength(3);
    const left = engine.provider.world.things.map(({ urn }) => nameOf(urn));
    expect(withoutBundles(left.filter((name) => name.includes("-api")))).toEqual([]);
    // Whoever uses a thing goes before it.
    expect(lastDeed("delete", "aws-staging-api-group")).toBeLessThan(
      lastDeed("delete", "aws-staging-api-group-template"),
    );
  });

  test("no value of a secret is printed, and none is in the state in plain text", async () => {
    runs.push(await engine.preview({ ...stack, rollout: { drain: "60 s" } }));
    expect(runs.length).toBeGreaterThan(9);
    const state = await engine.state();
    expect(state).toContain("aws-staging-web-group");
    for (const value of Object.values(canaries)) {
      expect(runs.filter(({ said }) => said.includes(value))).toEqual([]);
      expect(state).not.toContain(value);
    }
  });

  test("destroy takes the users before what they use, and leaves nothing", async () => {
    const done = await engine.destroy();
    expect(done.errors).toBe("");
    const order = ["aws-staging-web-group", "aws-staging-tier-lb-front", "aws-staging-network"].map((name) =>
      lastDeed("delete", name),
    );
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(engine.provider.world.things.map(({ urn }) => nameOf(urn))).toEqual([]);
  });
}, 240_000);
