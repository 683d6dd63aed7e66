import { expect, test } from "vitest";
import type { BmcPlan } from "../../../../../components/plan/platforms/metal/types.ts";
import { controllerCheck, offCheck } from "../../../../../scripts/platforms/metal/controller-checks.ts";
import type { ControllerEntry } from "../../../../../scripts/platforms/metal/controller-entries.ts";

const bmc: BmcPlan = {
  ...{ kind: "redfish", host: "192.0.2.111", port: null, account: { secret: "bmc" } },
  ...{ certificate: null, onDelete: "as-found" },
};
const facts = {
  ...{ manufacturer: "HPE", model: "DL360", serials: ["CZ1"], firmware: "U54", controller: "iLO 6 1.50" },
  ...{ cpus: 2, memory: 1, health: "ok" as const },
};
const entry: ControllerEntry = { power: "on", facts, causes: [], silent: null };

test("a controller that answers is told with its make, and how its server is", () => {
  expect(controllerCheck("s1", bmc, entry)).toEqual({
    name: "s1: controller",
    state: "ok",
    detail: "redfish at 192.0.2.111, iLO 6 1.50, its server is on, health ok",
  });
});

test("one that says nothing, and a server that is ill, are broken, with what to do", () => {
  const silent =
    "s1: its controller at 192.0.2.111:443 doesn't let operator in; correct the secret that bmc.account names";
  expect(controllerCheck("s1", bmc, { power: null, facts: null, causes: [], silent })).toEqual({
    name: "s1: controller",
    state: "broken",
    detail: "at 192.0.2.111:443 doesn't let operator in",
    fix: "correct the secret that bmc.account names",
  });
  const ill = {
    ...entry,
    facts: { ...facts, health: "critical" as const },
    causes: ["the drive Bay 2 is broken"],
  };
  expect(controllerCheck("s1", bmc, ill)).toMatchObject({
    state: "broken",
    detail: expect.stringMatching(/health critical: the drive Bay 2 is broken$/),
  });
});

test("a cold standby that is off is as it should be", () => {
  expect(offCheck("s4")).toMatchObject({ state: "ok", name: "s4: SSH" });
});
