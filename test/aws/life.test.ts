import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listRefreshes } from "../support/aws/account.ts";
import { Aws } from "../support/aws/moto.ts";
import { joinWorld } from "../support/aws/one-world.ts";
import { AwsStandIn } from "../support/aws/provider/provider.ts";
import { Project } from "../support/project.ts";
import { type Life, livesItsLife, stack, testStack } from "./life.ts";
import { callElsewhere, realProvider } from "./provider.ts";

/*
 * A stack on AWS from its first `up` to `down`, by the commands, three times: with the stand-in for the provider, which shows that these
 * tests are right; with Pulumi's real provider over moto, wherever the provider is found; and in a real account, where
 * HOTSPARE_AWS_ACCOUNT names it and credentials of it are there. What can't be done counts as skipped and says why.
 */

const stackFile = `stacks/${stack}.ts`;

describe("with the stand-in for the provider", () => {
  const provider = new AwsStandIn();
  let aws: Aws;
  let site: Server;
  let life: Life;
  beforeAll(async () => {
    aws = await Aws.start();
    joinWorld(aws, provider);
    site = createServer((_, response) => response.end("hello"));
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    const { port } = site.address() as AddressInfo;
    const project = await Project.create({
      ...aws.environment,
      PULUMI_DEBUG_PROVIDERS: `aws:${await provider.start()}`,
    });
    await callElsewhere(project, aws.url);
    const withNodes = (active: number) =>
      project.write(stackFile, testStack({ active, platform: {}, tier: { listen: { http: port } } }));
    life = { project, withNodes };
  }, 300_000);
  afterAll(async () => {
    await life?.project.remove();
    site?.close();
    provider.stop();
    await aws?.stop();
  });

  livesItsLife(() => life);

  test("nothing was left, and the provider was told where to call", () => {
    expect(provider.world.things.map(({ urn }) => urn)).toEqual([]);
    expect(provider.settings).toMatchObject({ s3UsePathStyle: "true" });
    expect(String(provider.settings.endpoints)).toContain(aws.url);
  });
});

const withoutProvider = realProvider === undefined ? " (skipped: there is no pulumi-resource-aws here)" : "";

describe.skipIf(realProvider === undefined)(`with Pulumi's own provider over moto${withoutProvider}`, () => {
  let aws: Aws;
  let life: Life;
  beforeAll(async () => {
    aws = await Aws.start();
    // moto knows no changes that roll through groups; the provider starts one with a new template and waits for none.
    listRefreshes(aws);
    const project = await Project.create(aws.environment);
    await callElsewhere(project, aws.url);
    // An image of moto's own, and clients that this machine is none of: the load balancer's name leads nowhere.
    const platform = { image: { kind: "ami", id: "ami-12c6146b" }, clients: ["10.0.0.0/8"] };
    life = { project, withNodes: (active) => project.write(stackFile, testStack({ active, platform })) };
  });
  afterAll(async () => {
    await life?.project.remove();
    await aws?.stop();
  });

  livesItsLife(() => life);
});

const account = process.env.HOTSPARE_AWS_ACCOUNT;
const inAccount = realProvider !== undefined && account !== undefined;
const withoutAccount = inAccount
  ? ""
  : account === undefined
    ? " (skipped: HOTSPARE_AWS_ACCOUNT names none)"
    : withoutProvider;

/*
 * Costs: five t4g.small, a stopped one, a load balancer and a NAT gateway for less than an hour, so well below a dollar; all of it
 * bears the tags of the kit and `purpose: hotspare-test`.
 */
describe.skipIf(!inAccount)(`in a real account${withoutAccount}`, () => {
  let life: Life;
  beforeAll(async () => {
    const project = await Project.create();
    const platform = { account, vpc: { kind: "own", nat: "one" }, tags: { purpose: "hotspare-test" } };
    life = { project, withNodes: (active) => project.write(stackFile, testStack({ active, platform })) };
  });
  afterAll(async () => {
    // Whatever has failed before: what costs money goes. Its state goes with the project only when nothing is left.
    const { exitCode, stderr } = await life.project.run("down", stack, "--yes");
    if (![0, 6].includes(exitCode))
      throw new Error(
        `\`down\` failed, so machines may still run; its state is in ${life.project.folder}: ${stderr}`,
      );
    await life.project.remove();
  });

  livesItsLife(() => life);
});
