import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/*
 * The door in front of a balancer pair, with TLS: what a client on the Docker host meets, also while balancers die.
 */

const suite = "door";
const plan = planOf({
  name: "door",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.8.0/23" },
  balancer: {
    kind: "nginx",
    listen: {
      tls: { port: 8443, redirect: false, certificate: { kind: "self-signed", names: ["api.example.test"] } },
    },
  },
  pools: { web: { active: 3, algorithm: { kind: "least-connections" } } },
  routes: [
    { path: "/", pool: "web" },
    { path: "/counter", pool: "web", idempotent: true },
    { path: "/echo", pool: "web", bodyLimit: "1 KB", rateLimit: { perSecond: 1, burst: 2 } },
    { path: "/slow", pool: "web", readTimeout: "5 s" },
  ],
});
const doorAddress = plan.door?.address ?? "";
let pair: Pair;

/** curl from a node's place in the network: the first balancer's container. */
async function curl(...args: string[]): Promise<string> {
  return (await exec(pair.machine("lb-1"), "curl", "-s", "--max-time", "5", ...args)).stdout;
}

async function holder(): Promise<string> {
  await until("somebody holds the address", async () => (await pair.holder()) !== null);
  return (await pair.holder()) ?? "";
}

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan);
  for (const { key } of plan.balancers) {
    expect(await deliver(pair.machine(key), filesOf(plan, key))).toMatchObject({
      exitCode: 0,
      outcome: "applied",
    });
  }
});
afterAll(() => removeAll(suite));

test("plain HTTP passes to a node", async () => {
  expect(JSON.parse(await curl(`http://${doorAddress}/identity`))).toMatchObject({ cluster: "door" });
});

test("TLS passes to the balancer's own certificate, which has the names that were asked for", async () => {
  expect(JSON.parse(await curl("-k", `https://${doorAddress}/identity`))).toMatchObject({ cluster: "door" });
  const show = `openssl s_client -connect ${doorAddress}:443 </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName`;
  const { stdout } = await exec(pair.machine("lb-1"), "sh", "-c", show);
  expect(stdout).toContain("DNS:api.example.test");
  expect(stdout).toContain(`IP Address:${plan.network.virtualAddress}`);
});

test("the client's address is the door's client, not the door", async () => {
  const log = async () =>
    (
      await Promise.all(plan.balancers.map(({ key }) => pair.machine(key).logs({ stdout: true, tail: 50 })))
    ).join("");
  await curl(`http://${doorAddress}/mark-address`);
  await until("the log has it", async () => (await log()).includes("mark-address"));
  const line = (await log()).split("\n").find((text) => text.includes("mark-address")) ?? "";
  const lb1 = plan.balancers.find(({ key }) => key === "lb-1");
  expect(JSON.parse(line.slice(line.indexOf("{")))).toMatchObject({ client: lb1?.address, status: 404 });
});

test("limits of a route: a large body is 413, too many requests are 429", async () => {
  const post = (bytes: number) =>
    curl("-o", "/dev/null", "-w", "%{http_code} ", "-d", "x".repeat(bytes), `http://${doorAddress}/echo`);
  expect(await post(2000)).toBe("413 ");
  const codes = await Promise.all(Array.from({ length: 8 }, () => post(10)));
  expect(codes).toContain("200 ");
  expect(codes).toContain("429 ");
});

test("requests under way are counted, and none is left when they have ended", async () => {
  const slow = Promise.all(Array.from({ length: 6 }, () => curl(`http://${doorAddress}/slow?ms=1500`)));
  await sleep(700);
  const inFlight = async () =>
    (await pair.status(await holder())).pools.web?.members.map((member) => member.inFlight);
  expect(await inFlight()).toEqual([2, 2, 2]);
  await slow;
  expect(await inFlight()).toEqual([0, 0, 0]);
});

test("a crashed worker's requests are taken back", async () => {
  const key = await holder();
  const slow = Promise.all(Array.from({ length: 6 }, () => curl(`http://${doorAddress}/slow?ms=3000`)));
  await sleep(700);
  await exec(pair.machine(key), "pkill", "-KILL", "-f", "nginx: worker");
  await until("nothing is counted", async () => {
    const members = (await pair.status(key)).pools.web?.members ?? [];
    return members.length === 3 && members.every((member) => member.inFlight <= 2);
  });
  await slow;
  await until("nothing is counted any more", async () =>
    ((await pair.status(key)).pools.web?.members ?? [{ inFlight: 1 }]).every(
      (member) => member.inFlight === 0,
    ),
  );
});

test.each([
  ["killed", (key: string) => pair.machine(key).kill()],
  ["stopped", (key: string) => pair.machine(key).stop({ t: 10 })],
  ["left by keepalived", (key: string) => exec(pair.machine(key), "pkill", "-KILL", "-x", "keepalived")],
])("no GET through the door is lost when the serving balancer is %s", async (_, end) => {
  const key = await holder();
  const load = pair.load({ url: `http://${doorAddress}/slow?ms=50`, rps: 300, seconds: 5 });
  await sleep(2500);
  await end(key);
  const result = await load;
  expect(result).toMatchObject({ ok: 1500, failed: {} });
  expect(result.latency.max).toBeLessThan(3000);
  await pair
    .machine(key)
    .start()
    .catch(() => undefined);
  await until("it is back", async () => (await pair.status(key)).revision !== "");
});

test("no POST on an idempotent route is lost either", async () => {
  const key = await holder();
  const load = pair.load({ url: `http://${doorAddress}/`, rps: 300, seconds: 5, post: 1 });
  await sleep(2500);
  await pair.machine(key).kill();
  expect(await load).toMatchObject({ ok: 1500, failed: {} });
  await pair.machine(key).start();
});
