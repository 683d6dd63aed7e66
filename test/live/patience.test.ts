import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import type { Answer, Sending } from "../support/send.ts";
import { until } from "../support/until.ts";

/*
 * How long a balancer waits for a node, and how often it asks another: one real balancer, three nodes and a hot standby that do what
 * a URL says. Tests go by the order in which they stand.
 */

const suite = "patience";
const plan = planOf({
  name: "patience",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.22.0/23" },
  balancer: { kind: "nginx", count: 1 },
  pools: { web: { active: 3, standby: { hot: 1 } }, all: { active: 3 } },
  routes: [
    { path: "/", pool: "web" },
    { path: "/quick/", pool: "web" },
    { path: "/rare/", pool: "web" },
    { path: "/posts/", pool: "web" },
    { path: "/slow/", pool: "web" },
    { path: "/body/", pool: "web" },
    { path: "/cut/", pool: "web" },
    { path: "/capped/", pool: "web", readTimeout: "700 ms" },
    { path: "/fixed/", pool: "web", patience: "600 ms", tries: 2 },
    { path: "/all/", pool: "all" },
    { path: "/calm/", pool: "all", tries: 1 },
  ],
});
const key = "lb-1";
const program = join(import.meta.dirname, "../fixtures/hostile-node/server.mjs");
const origin = `http://${plan.balancers[0]?.address}`;
let pair: Pair;

const send = (...sendings: Sending[]): Promise<Answer[]> => pair.send(origin, sendings);

/** How often each node was asked for an operation, in the order of their names. */
async function executions(operation: string): Promise<number[]> {
  const counts = await Promise.all(
    plan.nodes.map(async ({ address, port }) => {
      const { stdout } = await exec(pair.machine(key), "curl", "-s", `http://${address}:${port}/executions`);
      return JSON.parse(stdout).of[operation] ?? 0;
    }),
  );
  return counts.filter((count) => count > 0);
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

async function members(pool: string) {
  return (await pair.status(key)).pools[pool]?.members ?? [];
}

async function marks(): Promise<(string | null)[]> {
  return [...(await members("web")), ...(await members("all"))].map(({ mark }) => mark);
}

const patienceOf = async (path: string) => (await pair.status(key)).routes[path];

/** As many quick answers of a route as it takes to learn. */
async function learn(path: string): Promise<void> {
  await pair.load({ url: `${origin}${path}fine`, rps: 150, seconds: 2 });
  await until(`${path} is learned`, async () => (await patienceOf(path))?.from === "learned");
}

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan, program);
  expect(await deliver(pair.machine(key), filesOf(plan, key))).toMatchObject({ outcome: "applied" });
});
afterAll(() => removeAll(suite));
beforeEach(() =>
  until("all nodes are healthy", async () =>
    [...(await members("web")), ...(await members("all"))].every(
      ({ healthy, mark }) => healthy === true && mark === null,
    ),
  ),
);

describe("patience", () => {
  test("a page that always takes 5 s is answered by one node, and nobody is marked", async () => {
    expect(await patienceOf("/slow/")).toMatchObject({ patience: 10, from: "nothing yet" });
    const headers = { "x-operation": "always slow" };
    const [answer] = await send({ path: "/slow/slow?ms=5000", headers });
    expect(answer?.status).toBe(200);
    expect(await executions("always slow")).toEqual([1]);
    expect((await marks()).filter((mark) => mark !== null)).toEqual([]);
  });

  test("a frozen node of a quick route is left after about a second", async () => {
    await learn("/quick/");
    const before = await patienceOf("/quick/");
    // A second, where the machine does nothing else.
    const patience = 1000 * (before?.patience ?? 0);
    expect(patience).toBeLessThan(3000);
    const load = pair.load({ url: `${origin}/quick/fine`, rps: 50, seconds: 6, timeout: 20_000 });
    const answers = before?.answers ?? 0;
    await until("the load runs", async () => ((await patienceOf("/quick/"))?.answers ?? 0) > answers + 30);
    await pair.machine("web-2").pause();
    const { ok, failed, latency } = await load;
    await pair.machine("web-2").unpause();
    expect({ ok, failed }).toEqual({ ok: 300, failed: {} });
    expect(latency.max).toBeGreaterThan(patience - 50);
    expect(latency.max).toBeLessThan(patience + 700);
  });

  test("a node that was left for its silence is asked again where nobody else is left", async () => {
    await learn("/quick/");
    const files = filesOf(plan, key);
    const answers = send({ path: "/quick/slow?ms=2500", headers: { "x-operation": "alone" } });
    let busy: string | undefined;
    await until("a node has it", async () => {
      busy = (await members("web")).find(({ inFlight }) => inFlight > 0)?.key;
      return busy !== undefined;
    });
    const document = JSON.parse(files["members.json"] ?? "");
    const { web } = document.pools;
    web.members = web.members.filter((member: { key: string }) => member.key === busy);
    await deliver(pair.machine(key), { ...files, "members.json": JSON.stringify(document) });
    expect((await answers).map(({ status }) => status)).toEqual([200]);
    // Both of it alone, unless the others went too late.
    expect(sum(await executions("alone"))).toBe(2);
    await deliver(pair.machine(key), files);
  });

  test("a page of 5 s among 300 quick ones is answered, since the last node that is asked gets 10 s; then it is learned", async () => {
    await learn("/rare/");
    const first = { "x-operation": "rare" };
    const [answer] = await send({ path: "/rare/slow?ms=5000", headers: first });
    expect(answer?.status).toBe(200);
    expect(await executions("rare")).toEqual([1, 1, 1]);
    expect((await marks()).filter((mark) => mark !== null)).toEqual([]);
    await until("the page is learned", async () => ((await patienceOf("/rare/"))?.patience ?? 0) > 14);
    const again = { "x-operation": "learned" };
    expect((await send({ path: "/rare/slow?ms=5000", headers: again }))[0]?.status).toBe(200);
    expect(await executions("learned")).toEqual([1]);
  });

  test("a POST of 3 s on a quick route is answered: nobody else may be asked", async () => {
    const headers = { "x-operation": "slow post" };
    await learn("/posts/");
    const [answer] = await send({ path: "/posts/slow?ms=3000", method: "POST", bytes: 10, headers });
    expect(answer?.status).toBe(200);
    expect(await executions("slow post")).toEqual([1]);
  });

  test("a pause of 5 s within a body is delivered whole, before anything is known and once it is", async () => {
    const [first] = await send({ path: "/body/pause?ms=5000" });
    expect(first?.body).toBe("begunended");
    await learn("/body/");
    expect((await patienceOf("/body/"))?.patience).toBeGreaterThan(14);
    expect((await send({ path: "/body/pause?ms=5000" }))[0]?.body).toBe("begunended");
  });

  test("a body that was cut off in a pause is the only one: the next is given 10 s", async () => {
    await learn("/cut/");
    const [cut] = await send({ path: "/cut/pause?ms=5000" });
    expect(cut?.status).toBe(0);
    await until("it is heard", async () => ((await patienceOf("/cut/"))?.patience ?? 0) >= 10);
    expect((await send({ path: "/cut/pause?ms=5000" }))[0]?.body).toBe("begunended");
  });

  test("a slow client teaches nothing", async () => {
    const before = await patienceOf("/quick/");
    expect(before?.from).toBe("learned");
    const url = `${origin}/quick/large-body?bytes=3000000`;
    const slow = await exec(pair.machine("web-1"), "node", "-e", slowly(url));
    expect(slow.stdout.trim()).toBe("3000000");
    await sleep(1500);
    expect((await patienceOf("/quick/"))?.patience).toBe(before?.patience);
  });

  test.each([
    ["/capped/slow?ms=5000", "a hard limit", 3],
    ["/fixed/slow?ms=5000", "a fixed patience", 2],
  ])("%s meets %s", async (path, _, tries) => {
    const headers = { "x-operation": path };
    const [answer] = await send({ path, headers });
    expect(answer?.status).toBe(504);
    expect(sum(await executions(path))).toBe(tries);
  });

  test("what was learned outlives a reload", async () => {
    const before = (await pair.status(key)).routes;
    const { generation } = await pair.status(key);
    const nginx = await exec(pair.machine(key), "pkill", "-HUP", "-o", "nginx");
    expect(nginx.exitCode).toBe(0);
    await until("the reload", async () => (await pair.status(key)).generation > generation);
    expect((await patienceOf("/rare/"))?.patience).toBe(before["/rare/"]?.patience);
    expect((await patienceOf("/quick/"))?.patience).toBe(before["/quick/"]?.patience);
  });
});

describe("retries", () => {
  const retries = async () => (await pair.status(key)).pools.all?.retries ?? { made: 0, refused: 0 };

  test("20 GETs that all nodes answer 503 are asked 25 times at most, and each gets a node's own answer", async () => {
    const before = await retries();
    const headers = { "x-operation": "all fail" };
    // Something good between, or all nodes are doubted and nobody is asked twice at all.
    const mix = Array.from({ length: 20 }, () => [
      { path: "/all/status?code=503", headers },
      { path: "/calm/fine", times: 6 },
    ]).flat();
    const answers = (await send(...mix)).filter(({ status }) => status !== 200);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(503));
    for (const { body } of answers) expect(JSON.parse(body).node).toMatch(/^all-/);
    const asked = sum(await executions("all fail"));
    expect(asked).toBeGreaterThan(20);
    const after = await retries();
    expect(after.made - before.made).toBe(asked - 20);
    // A fifth of 140 requests.
    expect(asked - 20).toBeLessThanOrEqual(28);
  });

  test("500 GETs at the same moment that all fail are a fifth more", async () => {
    await sleep(11_000);
    const before = await retries();
    const headers = { "x-operation": "burst" };
    const answers = await send({ path: "/all/status?code=503", headers, times: 500, together: 100 });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(sum(await executions("burst"))).toBeLessThanOrEqual(600);
    const after = await retries();
    expect(after.made - before.made).toBeLessThanOrEqual(100);
  });

  test("more slow requests than the budget mark nobody, and all that a killed node has in its hands are asked again", async () => {
    const slow = (operation: string) =>
      send({ path: "/slow/slow?ms=2000", headers: { "x-operation": operation }, times: 40, together: 40 });
    expect(new Set((await slow("untouched")).map(({ status }) => status))).toEqual(new Set([200]));
    expect((await marks()).filter((mark) => mark !== null)).toEqual([]);
    await sleep(11_000);
    const answers = slow("killed");
    await until("a third of them are at web-1", async () => {
      const [one] = await members("web");
      return (one?.inFlight ?? 0) > 9;
    });
    await pair.machine("web-1").kill();
    const after = send({ path: "/fine", times: 40, together: 40 });
    for (const all of await Promise.all([answers, after]))
      expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    await pair.machine("web-1").start();
  });

  test("nobody is asked again once all are doubted, and Retry-After makes that last", async () => {
    const path = "/all/status?code=503&after=20";
    await send({ path, times: 12 });
    expect((await members("all")).map(({ mark }) => mark)).toEqual(Array(3).fill("doubted"));
    const headers = { "x-operation": "doubted" };
    const [answer] = await send({ path, headers });
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "20" } });
    expect(await executions("doubted")).toEqual([1]);
    // A doubt lasts 2 s without it.
    await sleep(2500);
    expect((await members("all")).filter(({ mark }) => mark === "doubted").length).toBe(3);
  });
});

/** A client that reads about 300 KB a second. */
function slowly(url: string): string {
  return `const { get } = require("node:http"); let bytes = 0;
    get(${JSON.stringify(url)}, (answer) => {
      answer.on("data", (piece) => { bytes += piece.length; answer.pause(); setTimeout(() => answer.resume(), piece.length / 300); });
      answer.on("end", () => console.log(bytes));
    });`;
}
