import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import type { Raw } from "../support/raw.ts";
import { rowOf, type Tried } from "../support/tried.ts";
import { triedAnswers } from "../support/tried-answers.ts";
import { triedRequests } from "../support/tried-requests.ts";
import { until } from "../support/until.ts";

/*
 * What RFC 9110 and 9112 ask for and what people report of other balancers, byte by byte against one real balancer. The table of
 * it is in docs/balancer.md.
 */

const suite = "tried";
const plan = planOf({
  name: "tried",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.90.0/23" },
  balancer: {
    kind: "nginx",
    count: 1,
    bodyLimit: "1 MB",
    listen: { tls: { redirect: false, certificate: { kind: "self-signed" } } },
  },
  pools: { web: { active: 2 } },
  routes: [
    { path: "/", pool: "web" },
    { path: "/once/", pool: "web", tries: 1 },
    { path: "/stream/", pool: "web", streaming: true, tries: 1 },
  ],
});
const program = join(import.meta.dirname, "../fixtures/tried-node/server.mjs");
let pair: Pair;

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan, program);
  expect(await deliver(pair.machine("lb-1"), filesOf(plan, "lb-1"))).toMatchObject({ exitCode: 0 });
  await until("the nodes are healthy", async () =>
    Object.values((await pair.status("lb-1")).pools).every(({ members }) =>
      members.every(({ healthy }) => healthy === true),
    ),
  );
});
afterAll(() => removeAll(suite));

/** As many of them at once as one argument of a program holds (128 KB); what came of each. */
async function sent(tried: readonly Tried[]): Promise<string[][]> {
  const batches: Raw[][] = [[]];
  for (const send of tried.flatMap((row) => row.send)) {
    if (JSON.stringify([...(batches.at(-1) ?? []), { send }]).length > 120_000) batches.push([]);
    batches.at(-1)?.push({ send });
  }
  const answers: string[] = [];
  for (const all of batches)
    answers.push(
      ...(await pair.run<string[]>("raw.ts", {
        host: plan.balancers[0]?.address,
        port: plan.tier.httpPort,
        all,
      })),
    );
  return tried.map(({ send }) => answers.splice(0, send.length));
}

describe.each([
  ["what clients send", triedRequests],
  ["what nodes answer", triedAnswers],
])("%s", (_, tried) => {
  let answers: string[][] = [];
  beforeAll(async () => {
    answers = await sent(tried);
  });

  test.each(tried.map((row, at) => [row.what, row, at] as const))("%s", (_, { expect: right, never }, at) => {
    for (const answer of answers[at] ?? []) {
      expect(answer).toMatch(right);
      if (never !== undefined) expect(answer).not.toMatch(never);
    }
    expect(answers[at]?.length).toBeGreaterThan(0);
  });
});

test("what is no HTTP is asked of one node once by a route with one try, through the door too, and by HTTP/2 answered as well", async () => {
  const tries = async () =>
    (await pair.status("lb-1")).pools.web?.members.reduce((sum, { requests }) => sum + requests, 0);
  const raw = Buffer.from("220 mail.test ESMTP\r\n").toString("hex");
  const hosts = [plan.door?.address, plan.balancers[0]?.address];
  for (const [host, options] of [
    ...hosts.map((host) => [`http://${host}`, ""] as const),
    [`https://${plan.balancers[0]?.address}`, "--http2 --insecure"] as const,
  ]) {
    const before = (await tries()) ?? 0;
    const ask = `curl -s -o /dev/null -w '%{http_code} %{http_version}' --max-time 5 ${options} '${host}/once/?raw=${raw}&close'`;
    const { stdout } = await exec(pair.machine("lb-1"), "sh", "-c", ask);
    expect(stdout).toBe(options === "" ? "502 1.1" : "502 2");
    expect((await tries()) ?? 0).toBe(before + 1);
  }
});

test("none of it stays in flight or on a connection that others use", async () => {
  await until(
    "nothing is in flight",
    async () =>
      (await pair.status("lb-1")).pools.web?.members.every(({ inFlight }) => inFlight === 0) === true,
  );
  const clean = Array.from(
    { length: 40 },
    (_, n) => `GET /clean-${n} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  );
  const all = clean.map((send) => ({ send }));
  const answers = await pair.run<string[]>("raw.ts", {
    host: plan.balancers[0]?.address,
    port: plan.tier.httpPort,
    all,
  });
  for (const [n, answer] of answers.entries()) expect(answer).toContain(`"line":"GET /clean-${n} HTTP`);
});

test("docs/balancer.md has the table of it", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/balancer.md"), "utf8");
  for (const row of [...triedRequests, ...triedAnswers]) expect(text).toContain(rowOf(row));
});
