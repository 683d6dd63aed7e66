import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cutShort } from "../../components/platform/planned/probe.ts";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import type { Answer, Sending } from "../support/send.ts";
import { until } from "../support/until.ts";

/*
 * What nodes can do to a balancer and to each other: one real balancer, three nodes and a hot standby that do what a URL says.
 * Tests go by the order in which they stand.
 */

const suite = "hostile";
const stack = {
  name: "hostile",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.14.0/23" },
  balancer: { kind: "nginx", count: 1 },
  // As many retries as the routes have tries: what a budget does is tested in patience.test.ts.
  pools: { web: { active: 3, standby: { hot: 1 }, retryBudget: 5 }, one: { active: 1, keepAlive: "500 ms" } },
  routes: [
    { path: "/", pool: "web", patience: "1 s" },
    { path: "/once/", pool: "web", tries: 1, patience: "1 s" },
    { path: "/twice/", pool: "web", tries: 2, patience: "1 s" },
    { path: "/one/", pool: "one" },
    { path: "/stream/", pool: "web", streaming: true },
  ],
};
const plan = planOf(stack);
const key = "lb-1";
const program = join(import.meta.dirname, "../fixtures/hostile-node/server.mjs");
const origin = `http://${plan.balancers[0]?.address}`;
const web = plan.nodes.filter(({ pool }) => pool === "web");
let pair: Pair;

const send = (...sendings: Sending[]): Promise<Answer[]> => pair.send(origin, sendings);
/** Connections to every node that have served before. */
const warm: Sending = { path: "/fine", times: 60, together: 12 };

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

async function members(pool = "web") {
  return (await pair.status(key)).pools[pool]?.members ?? [];
}

async function whole(): Promise<void> {
  for (const { key: node } of plan.nodes) {
    const { State } = await pair.machine(node).inspect();
    if (!State.Running) await pair.machine(node).start();
  }
  await until("all nodes are well", async () => {
    const all = [...(await members()), ...(await members("one"))];
    return all.every(({ healthy, mark }) => healthy === true && mark === null);
  });
}

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan, program);
  expect(await deliver(pair.machine(key), filesOf(plan, key))).toMatchObject({ outcome: "applied" });
});
afterAll(() => removeAll(suite));
beforeEach(whole);

describe("tries", () => {
  test.each([
    ["/break", 3],
    ["/half", 3],
    ["/twice/break", 2],
    ["/once/break", 1],
    ["/status?code=503", 3],
    ["/twice/status?code=503", 2],
    ["/slow?ms=1500", 3],
  ])("over warm connections %s is asked of %i nodes, each once", async (path, tries) => {
    const operation = `warm ${path}`;
    const answers = await send(warm, { path, headers: { "x-operation": operation } });
    expect(answers.at(-1)?.status).toBeGreaterThanOrEqual(502);
    expect(await executions(operation)).toEqual(Array(tries).fill(1));
  });

  test("a POST that was sent is not sent again", async () => {
    const headers = { "x-operation": "a post" };
    await send(warm, { path: "/break", method: "POST", bytes: 10, headers });
    expect(await executions("a post")).toEqual([1]);
  });

  test("the last node's own answer is passed on, though a try was given back before", async () => {
    // Of two tries the first breaks on a connection that has served.
    const first = (await send(warm, { path: "/twice/fine" })).at(-1);
    expect(first?.status).toBe(200);
    const mixed = Array.from({ length: 40 }, (_, i) => ({
      path: "/break-or-503",
      headers: { "x-operation": `mixed ${i}` },
    }));
    for (const { status, body } of (await send(warm, ...mixed)).slice(-40)) {
      expect([502, 503]).toContain(status);
      if (status === 503) expect(JSON.parse(body).node).toMatch(/^web-/);
    }
  });

  test("one GET of a URL that ends its node's process ends as many nodes as there are tries, and no more", async () => {
    await send(warm, { path: "/twice/crash" });
    const running = await Promise.all(
      web.map(async ({ key: node }) => (await pair.machine(node).inspect()).State.Running),
    );
    expect(running.filter((runs) => !runs)).toHaveLength(2);
  });

  test("a pool of one is asked once more when a connection breaks that has served before", async () => {
    const headers = { "x-operation": "one" };
    await send({ path: "/one/fine", times: 5 }, { path: "/one/break", headers });
    expect(await executions("one")).toEqual([2]);
  });

  test("a node that answers 103 before its final answer is told so, since this nginx ends the request there", async () => {
    const version = await exec(pair.machine(key), "nginx", "-v");
    expect(version.stderr).toMatch(/nginx\/1\.2[0-8]\./);
    await send({ path: "/twice/hints", times: 12, together: 12 });
    await until("it is told", async () => {
      const told = (await members()).map(({ lastChange }) => lastChange?.reason ?? "");
      return told.some((reason) => /it answered 103 before its final answer/.test(reason));
    });
    const ask = `X-Hotspare-Ask: ${web[0]?.address}:${web[0]?.port}/hints`;
    const socket = ["--unix-socket", "/run/hotspare-desired/control.sock"];
    const asked = await exec(
      pair.machine(key),
      "curl",
      "-s",
      "-m",
      "3",
      "-D",
      "-",
      ...socket,
      "-H",
      ask,
      "http://c/ask",
    );
    expect(cutShort(asked.stdout)).toMatch(/^it answers 103/);
  });
});

test.each([
  // gunicorn, by default; and the time that a pool has by default.
  ["2 s by 1 s", "/idle?ms=2000", [980, 995, 1000, 1005, 1020, 1980, 1990, 1995, 2000, 2005, 2010, 1500]],
  ["1 s by 500 ms", "/one/idle?ms=1000", [480, 495, 500, 505, 520, 980, 990, 995, 1000, 1005, 1010, 700]],
])(
  "of 480 POSTs to nodes that close idle connections after %s none is lost, whenever they come",
  async (_, path, pauses) => {
    const posts = pauses.map((pause) => ({
      path,
      pause,
      method: "POST",
      bytes: 10,
      times: 40,
      together: 40,
    }));
    const answers = await send({ ...warm, path }, ...posts);
    expect(answers).toHaveLength(60 + 480);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  },
);

describe("requests in flight", () => {
  const choices = [
    { "x-accel-redirect": "/fine" },
    { "x-accel-redirect": "/one/fine" },
    { "x-accel-redirect": "@nowhere" },
    { "x-accel-limit-rate": "1" },
    { "x-accel-expires": "@0" },
    { "x-accel-charset": "koi8-r" },
  ];

  test.each(choices)("a node can't choose %j", async (headers) => {
    const path = `/choose?headers=${encodeURIComponent(JSON.stringify(headers))}`;
    const [answer] = await send({ path, times: 20 });
    expect(answer?.status).toBe(200);
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ chosen: true });
    const all = [...(await members()), ...(await members("one"))];
    expect(all.map(({ inFlight }) => inFlight)).toEqual(all.map(() => 0));
  });

  test("a node's events come as it sends them", async () => {
    const [answer] = await send({ path: "/events" });
    expect(answer?.body.match(/data/g)).toHaveLength(5);
    expect(answer?.pieces[0]).toBeLessThan(400);
    expect(answer?.pieces.length).toBeGreaterThan(3);
  });
});

describe("one URL", () => {
  test.each([
    ["breaks its connection", "/break"],
    ["ends within its header", "/half"],
    ["has a header that is too large", "/large?bytes=60000"],
    ["answers 503", "/status?code=503"],
    ["takes too long", "/slow?ms=1500"],
  ])("that %s, once a second, moves nobody else's traffic and marks nobody", async (_, path) => {
    const load = pair.load({ url: `${origin}/fine`, rps: 200, seconds: 7 });
    const poison = send({ path, times: 6, pause: 1000 });
    const marks: (string | null)[] = [];
    const rotation = new Set<string>();
    const end = Date.now() + 6500;
    while (Date.now() < end) {
      for (const { mark, inRotation, key: node } of await members()) {
        marks.push(mark);
        if (inRotation) rotation.add(node);
      }
      await sleep(50);
    }
    await poison;
    const { ok, failed, nodes } = await load;
    expect({ ok, failed }).toEqual({ ok: 1400, failed: {} });
    expect([...rotation].sort()).toEqual(["web-1", "web-2", "web-3"]);
    expect(marks.filter((mark) => mark !== null)).toEqual([]);
    for (const node of ["web-1", "web-2", "web-3"]) expect(nodes[node]).toBeGreaterThan(350);
    expect(nodes["web-hot-1"] ?? 0).toBe(0);
  });

  test("a node that fails whatever it is asked is doubted, and one that refuses is lost", async () => {
    await pair.machine("web-2").stop({ t: 0 });
    await send({ path: "/fine", times: 10 });
    const gone = (await members()).find(({ key: node }) => node === "web-2");
    expect(gone).toMatchObject({ inRotation: false });
    expect((await members()).filter(({ mark }) => mark === "doubted")).toEqual([]);
  });
});
