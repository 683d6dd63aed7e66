import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exec, put, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/*
 * A reload on a machine that is short of processors: single questions of hotspare-apply go unanswered, and clients on kept
 * connections must not pay for it. The questions fail by a curl that fails the first of each kind; the rest is real.
 */

const suite = "leaving";
// So that a machine without a processor to spare doesn't move the address by itself.
const failover = { advertise: "500 ms" };
const stack = {
  name: "pair",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.28.0/23" },
  balancer: { kind: "nginx", failover },
  pools: { web: { active: 2 } },
};
const plan = planOf(stack);
let pair: Pair;

/** Fails the first question of each kind as one that nobody answered in time. */
const curl = `#!/bin/sh
case "$*" in
  *"--request PUT"*/leaving) kind=clients ;;
  *TRACE*) kind=peer ;;
  *) kind= ;;
esac
[ -z "$kind" ] || [ -e "/tmp/asked-$kind" ] || { touch "/tmp/asked-$kind"; exit 28; }
exec /usr/bin/curl "$@"
`;

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan);
  for (const { key } of plan.balancers) await deliver(pair.machine(key), filesOf(plan, key));
  await until("somebody holds the address", async () => (await pair.holder()) !== null);
});

afterAll(() => removeAll(suite));

test("asks again, and moves the address only once clients have been told", async () => {
  const holder = await pair.holder();
  const machine = pair.machine(holder ?? "nobody");
  await put(machine, "/tmp", { curl });
  await exec(machine, "install", "-m", "0755", "/tmp/curl", "/usr/local/bin/curl");
  const url = `http://${plan.network.virtualAddress}/slow?ms=20`;
  const load = pair.load({ url, rps: 100, seconds: 12 });
  await sleep(2000);
  const changed = planOf({ ...stack, balancer: { kind: "nginx", failover, bodyLimit: "9 MB" } });
  const applied = await deliver(machine, filesOf(changed, holder ?? "nobody"));
  expect(applied).toMatchObject({ exitCode: 0, nginx: "reload", address: "moved" });
  const asked = await exec(machine, "ls", "/tmp");
  expect(asked.stdout).toMatch(/asked-clients\s+asked-peer/);
  expect(await pair.holder()).not.toBe(holder);
  const { failed } = await load;
  const lost = Object.values(failed).reduce((sum, count) => sum + count, 0);
  // A client that was late by seconds may have connected to one balancer and sent to the other.
  expect(lost, JSON.stringify(failed)).toBeLessThanOrEqual(2);
});
