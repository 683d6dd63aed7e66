import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { catalog } from "../../../../../../scripts/drill/catalog.ts";
import { loneNodes } from "../../../../../../scripts/drill/powered.ts";
import { reasonNotToRun } from "../../../../../../scripts/drill/runnable.ts";
import { fitted } from "../../../../../../scripts/drill/times.ts";
import { serverDrills } from "../../../../../../scripts/platforms/metal/drill/platform.ts";
import { faults } from "../../../../../../scripts/platforms/metal/faults.ts";
import { bench, endBenches } from "../../../../../support/metal/controller.ts";
import { FakeSsh } from "../../../../../support/metal/fake-ssh.ts";
import { metalPlan, servers } from "../../../../../support/metal/stacks.ts";

let fake: FakeSsh;
let folder: string;
beforeEach(() => {
  fake = new FakeSsh();
  folder = mkdtempSync(join(tmpdir(), "hotspare-drill-"));
  writeFileSync(join(folder, "account"), "operator:hush\n");
});
afterEach(async () => {
  fake.end();
  rmSync(folder, { recursive: true });
  await endBenches();
});

/** A plan in which some of three servers have the controller at a port. */
const planned = (port: number, certificate: string | null, which: readonly number[]) => {
  const account = { file: join(folder, "account") };
  // The third has the one that answers.
  const bmc = (one: number) => ({
    kind: "redfish",
    host: "127.0.0.1",
    port: port + one - 3,
    account,
    certificate,
  });
  return metalPlan({
    servers: servers([1, 2, 3].map((one) => (which.includes(one) ? { bmc: bmc(one) } : {}))),
  });
};

test("the power of a machine's server is cut at its controller, and given back until all its machines run", async () => {
  const { controller, lamp } = await bench({ lit: true });
  const plan = planned(controller.port ?? 0, controller.certificate, [3]);
  const [node = ""] = loneNodes(plan, "web");
  const fault = serverDrills("shop", plan).faults.cut?.([node]);
  await fault?.strike();
  expect(lamp.lit).toBe(false);
  await fault?.heal();
  expect(lamp.lit).toBe(true);
  expect(fake.calls).toContain("systemctl is-active hotspare-node.service");
  // Healed already: nothing is pressed.
  await fault?.heal();
  expect(lamp.lit).toBe(true);
});

test("it is cut where a controller can, and a node's alone where no other machine would lose it too", () => {
  const reason = (id: string, which: readonly number[]) => {
    const plan = planned(8443, null, which);
    const drill = catalog.find((one) => one.id === id);
    if (drill === undefined) throw new Error(`no drill ${id}`);
    return reasonNotToRun(drill, plan, { pool: "web", fitted: fitted(drill, plan, "web"), faults });
  };
  // Balancers stand on the first two, each beside a node.
  expect(reason("node-power-cut", [3])).toBeNull();
  expect(reason("node-power-cut", [1, 2])).toContain(
    "no active node of pool web has a server with a management",
  );
  expect(reason("balancer-power-cut", [1, 2])).toBeNull();
  expect(reason("balancer-power-cut", [2, 3])).toContain(
    "has no management controller that could cut its power",
  );
});
