import { afterAll, beforeAll, expect, test } from "vitest";
import awsStaging from "../../stacks/aws-staging.ts";
import { Engine, type Run } from "../support/aws/engine.ts";

/*
 * Zones of a stack that stands: one more is a change in place; one less is another load balancer, which a protected stack doesn't get.
 */

const [first, second, third] = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const stackIn = (zones: readonly unknown[], protect: boolean) => ({
  ...awsStaging,
  platform: { ...awsStaging.platform, zones },
  protect,
});
const replaced = ({ steps }: Run) =>
  steps.filter(({ op }) => op === "replace").map(({ urn }) => urn.split("::").at(-1));
const front = "aws-staging-tier-lb-front";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create("aws-staging");
  expect((await engine.up(stackIn([first, second], true))).errors).toBe("");
}, 120_000);
afterAll(() => engine?.remove());

const subnets = () =>
  engine.provider.world.things.filter(({ token }) => token === "aws:ec2/subnet:Subnet").length;

test("one more is in place: subnets are made, and groups and load balancer go there too", async () => {
  const up = await engine.up(stackIn([first, second, third], true));
  expect(up.errors).toBe("");
  expect(replaced(up)).toEqual([]);
  expect(subnets()).toBe(6);
});

test("one less would be another load balancer: a preview says so, and what is protected stays", async () => {
  const less = stackIn([first, second], true);
  expect(replaced(await engine.preview(less))).toContain(front);
  expect((await engine.up(less)).errors).toContain("is protected from deletion");
  const balancers = engine.provider.world.things.filter(({ urn }) => urn.endsWith(`::${front}`));
  expect(balancers).toHaveLength(1);
  // The zone serves on: its subnets go last, and the load balancer is still in them.
  expect(subnets()).toBe(6);
});

test("the way back is to name the zone again", async () => {
  expect((await engine.up(stackIn([first, second, third], true))).errors).toBe("");
});

test("where nothing is protected it is done, in an order that AWS takes, and leaves nothing of the zone", async () => {
  expect((await engine.up(stackIn([first, second, third], false))).errors).toBe("");
  const up = await engine.up(stackIn([first, second], false));
  expect(up.errors).toBe("");
  expect(replaced(up)).toContain(front);
  expect(subnets()).toBe(4);
});
