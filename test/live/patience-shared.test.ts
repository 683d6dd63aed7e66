import { afterAll, beforeAll, expect, test } from "vitest";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/* A balancer that stands by knows the routes' times from the one that has the address. */

const suite = "patience-shared";
const plan = planOf({
  name: "shared",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.26.0/23" },
  balancer: { kind: "nginx", count: 2 },
  pools: { web: { active: 2 } },
});
let pair: Pair;

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan);
  for (const key of ["lb-1", "lb-2"])
    expect(await deliver(pair.machine(key), filesOf(plan, key))).toMatchObject({ outcome: "applied" });
  await until("one has the address", async () => (await pair.holder()) !== null, 20_000);
});
afterAll(() => removeAll(suite));

test("what the holder has learned the other one knows, and nobody else is told", async () => {
  const holder = (await pair.holder()) ?? "";
  const other = holder === "lb-1" ? "lb-2" : "lb-1";
  const route = async (key: string) => (await pair.status(key)).routes["/"];
  expect(await route(other)).toMatchObject({ from: "nothing yet" });
  await pair.load({ rps: 100, seconds: 3 });
  await until("the other one knows", async () => (await route(other))?.from === "learned", 15_000);
  expect((await route(other))?.patience).toBe((await route(holder))?.patience);
  // A node may not ask, nor does one that stands by tell.
  const address = (key: string) => plan.balancers.find((balancer) => balancer.key === key)?.address;
  const asked = await exec(
    pair.machine("web-1"),
    "node",
    "-e",
    `fetch("http://${address(holder)}:9182/learned", { signal: AbortSignal.timeout(1000) }).then(({ status }) => console.log(status), ({ name }) => console.log(name))`,
  );
  // Where the kernel has no nf_tables, nginx refuses it.
  expect(["TimeoutError", "403"]).toContain(asked.stdout.trim());
  const curl = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}"];
  const peer = await exec(pair.machine(holder), ...curl, `http://${address(other)}:9182/learned`);
  expect(peer.stdout).toBe("404");
});

test("a balancer that takes the address over has the learned values at once", async () => {
  const before = (await pair.holder()) ?? "";
  const patience = async (key: string) => (await pair.status(key)).routes["/"];
  const known = await patience(before);
  await pair.machine(before).kill();
  await until(
    "the other one has the address",
    async () => ![null, before].includes(await pair.holder()),
    10_000,
  );
  const after = (await pair.holder()) ?? "";
  expect(await patience(after)).toMatchObject({ from: "learned", patience: known?.patience });
  // Who comes back knows as much, though it begins with nothing.
  await pair.machine(before).start();
  await until(
    "it knows",
    async () => (await patience(before).catch(() => undefined))?.from === "learned",
    15_000,
  );
});
