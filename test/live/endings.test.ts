import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/*
 * Requests that end in every way there is: clients that leave, bodies that never come or are too large, upgrades, resets of
 * HTTP/2, refusals for their rate, nodes that break, redirect and fail. Whatever happens, what is in flight is counted right and
 * no node is asked twice.
 */

const suite = "endings";
/** HOTSPARE_REQUESTS=100000 for the whole wall. */
const requests = Number(process.env.HOTSPARE_REQUESTS ?? 6_000);
const seed = Number(process.env.HOTSPARE_SEED ?? 20_261);
const plan = planOf({
  name: "endings",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.18.0/23" },
  balancer: {
    kind: "nginx",
    count: 1,
    cpus: 2,
    listen: { tls: { certificate: { kind: "self-signed" }, redirect: false } },
  },
  pools: {
    web: { active: 3, standby: { hot: 1 }, algorithm: { kind: "least-connections" } },
    one: { active: 1 },
  },
  routes: [
    { path: "/", pool: "web" },
    { path: "/once/", pool: "web", tries: 1 },
    { path: "/twice/", pool: "web", tries: 2, idempotent: true },
    { path: "/one/", pool: "one" },
    { path: "/stream/", pool: "web", streaming: true },
    { path: "/limited/", pool: "web", rateLimit: { perSecond: 20, burst: 5 } },
  ],
});
const key = "lb-1";
const program = join(import.meta.dirname, "../fixtures/hostile-node/server.mjs");
let pair: Pair;

const members = async () => Object.values((await pair.status(key)).pools).flatMap((pool) => pool.members);

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan, program);
  expect(await deliver(pair.machine(key), filesOf(plan, key))).toMatchObject({ outcome: "applied" });
  await until("all nodes are well", async () => (await members()).every(({ healthy }) => healthy === true));
});
afterAll(() => removeAll(suite));

test(`${requests} random endings leave nothing in flight, and no request is asked of a node twice or of too many`, async () => {
  const host = plan.balancers[0]?.address;
  const ended = await pair.run<Record<string, number>>("endings.ts", { host, requests, together: 40, seed });
  // Each kind of ending did happen.
  for (const how of ["200", "413", "429", "500", "502", "503", "left", "raw", "stream"])
    expect(ended[how], `${how} of ${JSON.stringify(ended)}`).toBeGreaterThan(0);
  await until(
    "nothing is in flight",
    async () => (await members()).every(({ inFlight }) => inFlight === 0),
    15_000,
  );
  expect(Object.keys((await pair.status(key)).draining)).toEqual([]);
  const asked = new Map<string, number>();
  for (const { address, port, pool } of plan.nodes) {
    const { stdout } = await exec(pair.machine(key), "curl", "-s", `http://${address}:${port}/executions`);
    const { most, of } = JSON.parse(stdout);
    // Only a pool of one is asked once more, where a kept connection broke.
    expect(most).toBeLessThanOrEqual(pool === "one" ? 2 : 1);
    for (const [operation, count] of Object.entries<number>(of))
      asked.set(operation, (asked.get(operation) ?? 0) + count);
  }
  expect(asked.size).toBeGreaterThan(requests / 4);
  expect(Math.max(...asked.values())).toBeLessThanOrEqual(3);
});
