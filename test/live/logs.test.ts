import { afterAll, beforeAll, expect, test } from "vitest";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair, withoutHeaders } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/* What a real balancer logs of requests whose URL and Referer have arguments: nothing of them, unless the stack asks for it. */

const suite = "logs";
const stack = (logs: object) => ({
  name: "logs",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.26.0/23" },
  balancer: { kind: "nginx", count: 1, logs, bodyLimit: "1 KB" },
  pools: { web: { active: 1 } },
});
const plan = planOf(stack({}));
const key = "lb-1";
let pair: Pair;

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan);
  expect(await deliver(pair.machine(key), filesOf(plan, key))).toMatchObject({ outcome: "applied" });
  await until("the node is healthy", async () =>
    Object.values((await pair.status(key)).pools).every(({ members }) => members[0]?.healthy === true),
  );
});
afterAll(() => removeAll(suite));

/** Asks for a path with arguments and sends a Referer with some: once served, once refused with a line in the error log. */
async function ask(path: string): Promise<void> {
  const url = `http://127.0.0.1:${plan.tier.httpPort}${path}`;
  const curl = ["curl", "-s", "-o", "/dev/null", "-H", `Referer: http://other/${path}`];
  await exec(pair.machine(key), ...curl, url);
  await exec(pair.machine(key), ...curl, "-d", "a".repeat(2000), url);
}

async function logged(): Promise<string> {
  return withoutHeaders(await pair.machine(key).logs({ stdout: true, stderr: true }));
}

test("no arguments are in the access log or the error log", async () => {
  await ask('/first?token=secret-1&b="secret-1');
  await until("both requests are logged", async () => /"uri":"\/first".*"status":413/.test(await logged()));
  const log = await logged();
  expect(log).toMatch(/"uri":"\/first".*"status":404/);
  expect(log).toMatch(
    /too large body.*request: "POST \/first HTTP\/1\.1".*referrer: "http:\/\/other\/\/first"/,
  );
  expect(log).not.toContain("secret-1");
});

test("a stack that asks for them has them in the access log, and never in the error log", async () => {
  const asked = filesOf(planOf(stack({ arguments: true })), key);
  expect(await deliver(pair.machine(key), asked)).toMatchObject({ outcome: "applied", nginx: "reload" });
  await ask("/second?token=secret-2");
  await until("both requests are logged", async () =>
    /"uri":"\/second\?token=secret-2".*"status":413/.test(await logged()),
  );
  expect(await logged()).not.toMatch(/request: ".*secret-2/);
});
