import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HistoryEntry } from "../../scripts/history/read.ts";
import type { GroupsStatus } from "../../scripts/platforms/aws/cluster-status.ts";
import { Aws, expired } from "../support/aws/moto.ts";
import { joinWorld } from "../support/aws/one-world.ts";
import { AwsStandIn } from "../support/aws/provider/provider.ts";
import { Project } from "../support/project.ts";

/*
 * The commands themselves on a stack on AWS, from `up` to `down`: the real engine over the stand-in for the provider, the SDK over what
 * that has made. There is no Docker Engine, so a command that asked for one would fail.
 */

const provider = new AwsStandIn();
let aws: Aws;
let site: Server;
let project: Project;

beforeAll(async () => {
  aws = await Aws.start();
  site = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  joinWorld(aws, provider);
  project = await Project.create({
    ...aws.environment,
    DOCKER_HOST: "unix:///nowhere/docker.sock",
    PULUMI_DEBUG_PROVIDERS: `aws:${await provider.start()}`,
  });
  const { port } = site.address() as AddressInfo;
  await project.edit(
    "stacks/aws-staging.ts",
    'balancer: { kind: "nginx", count: 2 }',
    `balancer: { kind: "nginx", count: 2, listen: { http: ${port} } }`,
  );
}, 180_000);
afterAll(async () => {
  await project?.remove();
  site?.close();
  provider.stop();
  await aws?.stop();
});

const run = (...args: [string, ...string[]]) => project.run(...args);

describe("a stack on AWS that nothing is there of", () => {
  test.each([
    ["status", [], 6, 'nothing of "aws-staging" runs; `./hotspare up aws-staging` stands it up'],
    ["events", [], 6, 'nothing of "aws-staging" runs'],
    ["history", [], 6, 'the backend knows no stack "aws-staging"'],
    ["rollback", ["--yes"], 6, 'no earlier state of "aws-staging" is known'],
    ["down", [], 2, '"aws-staging" is protected; say --yes to remove it'],
    ["down", ["--yes"], 6, 'the state knows nothing of the stack "aws-staging" on AWS'],
    ["logs", [], 2, /aws logs tail \/hotspare\/shop-staging-\w+\/web --region eu-central-1/],
    ["logs", ["web-1"], 2, 'there is no group web-1; "aws-staging" has [lb, web, web-hot]'],
    ["drill", [], 2, '"aws-staging" is on AWS, and drills break machines through a Docker Engine'],
    ["soak", [], 2, '"aws-staging" is on AWS, and drills break machines through a Docker Engine'],
  ] as const)("%s %j", async (verb, options, exitCode, words) => {
    const [asked = [], more = []] = verb === "logs" ? [options, []] : [[], options];
    const result = await run(verb, "aws-staging", ...asked, ...more);
    expect(result.stderr).toMatch(words instanceof RegExp ? words : new RegExp(escaped(words)));
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).not.toContain("Docker Engine answers");
  });

  test("up is refused at once with credentials that have expired, and without a secret that the stack names", async () => {
    aws.answer("DescribeLoadBalancers", expired);
    const unsigned = await run("up", "aws-production");
    expect(unsigned).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("credentials for AWS have expired"),
    });
    joinWorld(aws, provider);

    const secretless = await run("up", "aws-production");
    expect(secretless.exitCode).toBe(3);
    expect(secretless.stderr).toContain(
      'balancer.listen.tls.certificate.key: the secret "tls-key" has no value; `./hotspare secret set aws-production tls-key`',
    );
    expect(secretless.stderr).toContain('the secret "tls-certificate" has no value');
    expect(provider.world.things).toEqual([]);
  });

  test("up is refused before anything is made where the account has no room, with how to ask for more", async () => {
    aws.answer("GetServiceQuota", ({ body }) => {
      const Value = JSON.parse(body).QuotaCode === "L-1216C47A" ? 8 : 1000;
      return { status: 200, type: "application/x-amz-json-1.1", body: JSON.stringify({ Quota: { Value } }) };
    });
    const { exitCode, stderr } = await run("up", "aws-staging");
    aws.answer("GetServiceQuota", null);
    expect(stderr).toContain(
      'the account has no room for "aws-staging" in eu-central-1: vCPUs on demand (standard types): 10, 18 while it changes and is scaled out; the account\'s quota is 8',
    );
    expect(stderr).toContain("--quota-code L-1216C47A");
    expect(exitCode).toBe(3);
    expect(provider.world.things).toEqual([]);
  });
});

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

describe("the life of a stack on AWS", () => {
  test("up makes it, waits until it answers, and shows it; a second up makes nothing", async () => {
    const { stdout, stderr, exitCode } = await run("up", "aws-staging");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/web +active +2 of 2 +0 +0 +1 of 1/);
    expect(stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+ +answers from here/);
    expect(stdout).toContain("#dashboards/dashboard/shop-staging-");
    expect(stdout).toMatch(/Changes: \d+ resources made/);
    expect((await run("up", "aws-staging")).stdout).toContain("No changes");
  });

  test("status is ok, also as JSON, and history has what was done", async () => {
    expect(await run("status", "aws-staging")).toMatchObject({ exitCode: 0 });
    const status = await project.json<GroupsStatus>("status", "aws-staging");
    expect(status).toMatchObject({ schema: "hotspare.status-groups/1", state: "ok", answers: true });
    const { entries } = await project.json<{ entries: HistoryEntry[] }>("history", "aws-staging");
    expect(entries.map(({ kind, result }) => [kind, result])).toContainEqual(["update", "succeeded"]);
  });

  test("a zone less is refused before anything is changed, since the load balancer is protected", async () => {
    const zones = (before: string, after: string) => project.edit("stacks/aws-staging.ts", before, after);
    await zones('region: "eu-central-1",', 'region: "eu-central-1", zones: 3,');
    expect(await run("up", "aws-staging")).toMatchObject({ exitCode: 0 });
    const before = JSON.stringify(provider.world.things);
    await zones("zones: 3,", "zones: 2,");
    // A change that would come first is not made either.
    await zones("hot: 1", "hot: 2");
    const { exitCode, stderr } = await run("up", "aws-staging");
    expect(stderr).toContain('platform.zones: 2 zones, and the load balancer of "aws-staging" stands in 3');
    expect(exitCode).toBe(3);
    expect(JSON.stringify(provider.world.things)).toBe(before);
    await zones("zones: 2,", "zones: 3,");
    await zones("hot: 2", "hot: 1");
  });

  test("a change that AWS turns back fails the up with AWS's reason", async () => {
    provider.fleet.refuses = "an alarm of the test rose";
    await project.edit("stacks/aws-staging.ts", 'instanceType: "t4g.small"', 'instanceType: "t4g.medium"');
    const { exitCode, stderr } = await run("up", "aws-staging");
    expect(exitCode).toBe(1);
    for (const group of ["lb", "web"])
      expect(stderr).toMatch(
        new RegExp(
          `-${group}: the change did not take \\(an alarm of the test rose\\)\\. The machines of before`,
        ),
      );
    const status = await run("status", "aws-staging");
    expect(status.exitCode).toBe(5);
    expect(status.stdout).toContain("the last change of web did not come to its end (rollback successful)");
  });

  test("rollback brings the stack of before, and leaves its file alone", async () => {
    provider.fleet.refuses = null;
    const result = await run("rollback", "aws-staging", "--yes");
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain("Its stack file still says otherwise");
    const template = provider.world.things.find(({ urn }) =>
      urn.endsWith("::aws-staging-web-group-template"),
    );
    expect(template?.inputs.instanceType).toBe("t4g.small");
  });

  test("a URL that ceases to answer makes it degraded", async () => {
    await new Promise((resolve) => site.close(resolve).closeAllConnections());
    const { stdout, exitCode } = await run("status", "aws-staging");
    expect(exitCode).toBe(5);
    expect(stdout).toContain("! the URL does not answer from here");
  });

  const line = '  "aws-staging": () => import("./aws-staging.ts"),\n';

  describe("whose line is gone from stacks/index.ts", () => {
    const things = () => provider.world.things.map(({ urn }) => urn).sort();

    test("down asks first, for it is protected, and touches nothing", async () => {
      await project.edit("stacks/index.ts", line, "");
      const before = things();
      const { exitCode, stderr } = await run("down", "aws-staging");
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /"aws-staging" is not in stacks\/index\.ts, but its state holds \d+ resources on AWS, and it is protected; say --yes to remove it/,
      );
      expect(things()).toEqual(before);
    });

    test("what AWS doesn't let go stays known to the state: the down fails, and nothing is orphaned", async () => {
      aws.answer("ModifyLoadBalancerAttributes", () => ({
        status: 403,
        body: "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>",
      }));
      const before = things();
      const { exitCode, stderr } = await run("down", "aws-staging", "--yes");
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("not you") });
      expect(things()).toEqual(before);
      expect(await known()).toEqual(before);
      joinWorld(aws, provider);
    });

    test("a down that the engine can't end leaves a state with all that is left", async () => {
      // It lies about the protection being lifted, as a policy of the organization may.
      aws.answer("ModifyLoadBalancerAttributes", () => ({
        status: 200,
        body: "<ModifyLoadBalancerAttributesResponse><ModifyLoadBalancerAttributesResult/></ModifyLoadBalancerAttributesResponse>",
      }));
      const { exitCode, stderr } = await run("down", "aws-staging", "--yes");
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain("is protected from deletion");
      expect(things().length).toBeGreaterThan(0);
      expect(await known()).toEqual(things());
      joinWorld(aws, provider);
    });

    /** What AWS has and the state knows; as URNs. */
    async function known(): Promise<string[]> {
      const { stdout } = await run("pulumi", "stack", "export", "--stack", "aws-staging");
      const { deployment } = JSON.parse(stdout) as { deployment: { resources?: { urn: string }[] } };
      const urns = new Set((deployment.resources ?? []).map(({ urn }) => urn));
      return things().filter((urn) => urns.has(urn));
    }
  });

  test("down needs a word for what is protected, and then leaves nothing, the protected load balancer neither", async () => {
    // Still without its line: what there is to remove, and how, is told by the state alone.
    expect((await run("down", "aws-staging")).exitCode).toBe(2);
    expect(provider.world.things).not.toEqual([]);
    const { exitCode, stdout, stderr } = await run("down", "aws-staging", "--yes");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain("Switched off the load balancer's protection from deletion.");
    expect(stdout).toMatch(/Removed \d+ resources of "aws-staging" from AWS\./);
    expect(provider.world.things.map(({ urn }) => urn)).toEqual([]);
    await project.edit("stacks/index.ts", "} satisfies", `${line}} satisfies`);
    expect((await run("status", "aws-staging")).exitCode).toBe(6);
  });
});
