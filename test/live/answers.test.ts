import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { docker, exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/*
 * What a balancer says of a pool that has nobody, and what it counts of the answers that clients get. One real balancer before one
 * node a pool. Tests go by the order in which they stand.
 */

const suite = "answers";
const stack = {
  name: "answers",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.10.0/23" },
  balancer: { kind: "nginx", count: 1 },
  pools: { web: { active: 1 }, api: { active: 1 } },
  routes: [
    { path: "/", pool: "web" },
    { path: "/api", pool: "api" },
  ],
};
const plan = planOf(stack);
const key = "lb-1";
const control = ["curl", "-s", "--unix-socket", "/run/hotspare-desired/control.sock"];
let pair: Pair;

/** A client inside the balancer. @returns status and seconds */
async function get(path: string, ...options: string[]): Promise<{ status: number; seconds: number }> {
  const url = `http://127.0.0.1:${plan.tier.httpPort}${path}`;
  const command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{time_total}", ...options, url];
  const [status, seconds] = (await exec(pair.machine(key), ...command)).stdout.split(" ");
  return { status: Number(status), seconds: Number(seconds) };
}

async function answersOf(pool: string) {
  const found = (await pair.status(key)).pools[pool]?.answers;
  if (found === undefined) throw new Error(`no answers of ${pool}`);
  return found;
}

/** Puts a document whose pool `api` has these members. */
async function putApi(change: (members: unknown[]) => unknown[]): Promise<{ code: string; body: string }> {
  const document = JSON.parse(filesOf(plan, key)["members.json"] ?? "");
  document.pools.api.members = change(document.pools.api.members);
  document.revision = String(document.pools.api.members.length);
  const request = ["-X", "PUT", "-d", JSON.stringify(document), "-w", "\n%{http_code}"];
  const { stdout } = await exec(pair.machine(key), ...control, ...request, "http://control/members");
  return { code: stdout.slice(-3), body: stdout.slice(0, -3) };
}

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan);
  expect(await deliver(pair.machine(key), filesOf(plan, key))).toMatchObject({ outcome: "applied" });
  await until("both pools are served", async () => {
    const { pools } = await pair.status(key);
    return Object.values(pools).every(({ members }) => members.every(({ healthy }) => healthy === true));
  });
});
afterAll(() => removeAll(suite));

describe("a pool without anybody", () => {
  test("is taken, and its requests are refused at once while others are answered", async () => {
    expect(await putApi(() => [])).toMatchObject({ code: "200" });
    const refused = await get("/api/identity");
    expect(refused.status).toBe(502);
    expect(refused.seconds).toBeLessThan(1);
    expect((await get("/identity")).status).toBe(200);
    const log = await docker.getContainer(pair.machine(key).id).logs({ stdout: true, stderr: true });
    expect(log.toString("utf8")).toContain("pool api has no member that could serve");
  });

  test("is told as failed, and the others as well", async () => {
    const { stdout } = await exec(pair.machine(key), ...control, "http://control/health");
    const { status, checks } = JSON.parse(stdout);
    expect(status).toBe("fail");
    expect(checks["pool:api"]).toMatchObject([{ status: "fail", observedValue: 0, expected: 0 }]);
    expect(checks["pool:web"]).toMatchObject([{ status: "pass", observedValue: 1 }]);
    expect((await pair.status(key)).pools.api).toMatchObject({ servedBy: null });
  });

  test("is no pool of cold standbys alone", async () => {
    const cold = await putApi((members) =>
      members.map((member) => ({ ...(member as object), role: "cold" })),
    );
    expect(cold).toMatchObject({ code: "400", body: expect.stringContaining("has cold members only") });
  });

  test("serves as soon as it has somebody", async () => {
    expect(await putApi((members) => members)).toMatchObject({ code: "200" });
    await until("the new member serves", async () => (await get("/api/identity")).status === 200, 3000);
  });
});

describe("answers", () => {
  /** What is counted more than before. */
  async function counting(pool: string, work: () => Promise<unknown>) {
    const before = await answersOf(pool);
    await work();
    const after = await answersOf(pool);
    const latency = Object.entries(after.latency)
      .map(([upTo, count]) => ({ upTo: Number(upTo), count: count - (before.latency[upTo] ?? 0) }))
      .filter(({ count }) => count > 0);
    return { count: after.count - before.count, errors: after.errors - before.errors, latency };
  }

  test("are counted by pool, each once", async () => {
    const other = await answersOf("api");
    const { count, errors } = await counting("web", async () => {
      for (let i = 0; i < 20; i++) await get("/identity");
    });
    expect({ count, errors }).toEqual({ count: 20, errors: 0 });
    expect(await answersOf("api")).toEqual(other);
  });

  test("are errors when they are 5xx: a node's, and nginx's own", async () => {
    // A node that has gone: refused at once, nobody else to try.
    await pair.machine("api-1").stop({ t: 0 });
    expect(await counting("api", () => get("/api/identity"))).toMatchObject({ count: 1, errors: 1 });
    await putApi(() => []);
    expect(await counting("api", () => get("/api/identity"))).toMatchObject({ count: 1, errors: 1 });
    // What a client does wrong is no error of the pool.
    expect(await counting("web", () => get("/nowhere"))).toMatchObject({ count: 1, errors: 0 });
  });

  test("are as late as they begin, also for a client that doesn't wait for them", async () => {
    const waited = await counting("web", () => get("/slow?ms=300"));
    expect(waited).toMatchObject({ count: 1, errors: 0 });
    expect(waited.latency[0]?.upTo).toBeGreaterThanOrEqual(0.3);
    expect(waited.latency[0]?.upTo).toBeLessThan(0.6);
    const left = await counting("web", async () => {
      await get("/slow?ms=9000", "--max-time", "0.5");
      const late = async () => Object.keys((await answersOf("web")).latency).map(Number);
      await until("nginx has noticed", async () => (await late()).some((upTo) => upTo > 0.45 && upTo < 0.8));
    });
    expect(left).toMatchObject({ count: 1, errors: 0 });
  });

  test("don't count what a client takes to send its request", async () => {
    const upload = ["-X", "POST", "--data-binary", "x".repeat(30_000), "--limit-rate", "20000"];
    const sent = await counting("web", async () => {
      expect((await get("/echo", ...upload)).seconds).toBeGreaterThan(0.8);
    });
    expect(sent.latency.map(({ upTo }) => upTo < 0.5)).toEqual([true]);
  });

  test("outlive a reload, and start from zero with nginx", async () => {
    const before = await answersOf("web");
    const changed = planOf({ ...stack, balancer: { ...stack.balancer, bodyLimit: "2 MB" } });
    expect(await deliver(pair.machine(key), filesOf(changed, key))).toMatchObject({ nginx: "reload" });
    expect(await answersOf("web")).toEqual(before);
    await exec(pair.machine(key), "sh", "-c", "kill -KILL $(cat /run/hotspare/nginx.pid)");
    await until("nginx has started again", async () => (await answersOf("web")).count === 0);
  });
});
