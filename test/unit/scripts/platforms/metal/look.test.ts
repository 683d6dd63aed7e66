import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clusterStatus } from "../../../../../scripts/platforms/metal/look.ts";
import { bench, endBenches } from "../../../../support/metal/controller.ts";
import { FakeSsh } from "../../../../support/metal/fake-ssh.ts";
import { metalPlan, servers } from "../../../../support/metal/stacks.ts";

let fake: FakeSsh;
let folder: string;
beforeEach(() => {
  fake = new FakeSsh();
  folder = mkdtempSync(join(tmpdir(), "hotspare-look-"));
  writeFileSync(join(folder, "account"), "operator:hush\n");
});
afterEach(async () => {
  fake.end();
  rmSync(folder, { recursive: true });
  await endBenches();
});

/** The fourth server has a controller, and nobody answers by SSH. @param cold whether it is a standby */
async function silent(cold: number) {
  const { controller, lamp } = await bench({ lit: true });
  fake.answer("none", { err: "ssh: connect to host: No route to host\n", code: 255 });
  // It goes off between the first look and the answer by SSH.
  lamp.isOn = async () => !fake.wasAsked("192.0.2.14");
  const bmc = {
    kind: "redfish",
    host: "127.0.0.1",
    port: controller.port,
    account: { file: join(folder, "account") },
    certificate: controller.certificate,
  };
  const plan = metalPlan(
    { servers: servers([{}, {}, {}, { bmc }]) },
    { pools: { web: { active: 4 - cold, standby: { cold } } } },
  );
  const { status, silent: said } = await clusterStatus("shop", plan);
  return {
    said: said.filter((line) => line.startsWith("s4")),
    states: status.machines.filter(({ address }) => address === "192.0.2.14").map(({ state }) => state),
  };
}

test("a cold standby that is sent home while it is looked at is as it should be", async () => {
  expect(await silent(1)).toEqual({ said: [], states: ["off"] });
});

test("another server that is switched off is not", async () => {
  const { said, states } = await silent(0);
  expect(said).toEqual(["s4 is switched off; `up` switches it on"]);
  expect(states).toEqual(["off"]);
});
