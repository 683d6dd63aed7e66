import { expect, test } from "vitest";
import { unitFaults } from "../../../../../../scripts/platforms/metal/drill/faults.ts";

async function done(kind: keyof typeof unitFaults, key: string): Promise<string[]> {
  const notes: string[] = [];
  const fault = unitFaults[kind](async (on, lines) => notes.push(`${on}: ${lines}`), [key]);
  await fault.strike();
  await fault.heal();
  return notes;
}

test("a killed machine stays down until it is healed, and its server goes on", async () => {
  expect(await done("kill", "web-2")).toEqual([
    "web-2: systemctl kill --signal=KILL hotspare-node.service; systemctl stop hotspare-node.service",
    "web-2: systemctl start hotspare-node.service",
  ]);
});

test("a frozen machine is thawed, and a stopped one starts again once it has ended", async () => {
  expect(await done("freeze", "lb-1")).toEqual([
    "lb-1: systemctl kill --signal=STOP hotspare-balancer.service",
    "lb-1: systemctl kill --signal=CONT hotspare-balancer.service",
  ]);
  expect((await done("stop", "lb-1"))[1]).toBe(
    "lb-1: systemctl stop hotspare-balancer.service; systemctl start hotspare-balancer.service",
  );
});
