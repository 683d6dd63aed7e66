import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "../../../../../scripts/lab/controller/emulator.ts";
import type { PersonaName } from "../../../../../scripts/lab/controller/persona.ts";
import { personas } from "../../../../../scripts/lab/controller/persona.ts";
import { refused } from "../../../../../scripts/lab/controller/reply.ts";
import type { Document } from "../../../../../scripts/lab/controller/service-documents.ts";
import { whySilent } from "../../../../../scripts/platforms/metal/why-silent.ts";
import { type Bench, bench, endBenches } from "../../../../support/metal/controller.ts";

/* Reasons why a server doesn't come, put into an emulated controller, and how each is told. */

afterEach(endBenches);

const bySsh = "s1: 192.0.2.11:22 can't be reached; is it switched on, and is there a route to it?";

type Inject = (made: Bench) => void;

/** Changes the documents whose path ends so. */
const document =
  (end: RegExp, change: (document: Document) => Document): Inject =>
  ({ emulator }) => {
    emulator.shape = (path, whole) => (end.test(path) ? { ...whole, ...change(whole) } : whole);
  };
const status = (Health: string) => ({ Status: { Health, State: "Enabled" } });
const system = (change: Document) => document(/\/Systems\/[^/]+$/, () => change);
const listed = (end: RegExp, list: string, change: Document) =>
  document(end, (whole) => {
    const [first, ...others] = whole[list] as Document[];
    return { [list]: [{ ...first, ...change }, ...others] };
  });
const progress =
  (stage: string): Inject =>
  ({ emulator }) => {
    emulator.condition.progress = stage;
  };
const fault =
  (made: Fault): Inject =>
  ({ emulator }) => {
    emulator.fault = made;
  };
const goingOff: Inject = ({ emulator }) => {
  emulator.condition.power = "PoweringOff";
};
const boot =
  (target: string): Inject =>
  ({ emulator }) => {
    emulator.condition.boot = {
      ...emulator.condition.boot,
      BootSourceOverrideTarget: target,
      BootSourceOverrideEnabled: "Continuous",
    };
  };
const storage =
  (drive: Document): Inject =>
  ({ emulator }) => {
    emulator.shape = (path, whole) => {
      if (path.endsWith("/Storage/1"))
        return { ...whole, Status: { HealthRollup: "Critical", State: "Enabled" } };
      return path.endsWith("/Drives/2") ? { ...whole, ...drive } : whole;
    };
  };
const says =
  (Message: string): Inject =>
  ({ emulator }) => {
    emulator.shape = (path, whole) =>
      path.endsWith("/Entries")
        ? { ...whole, Members: [{ Message, Severity: "Critical", Created: "2026-01-02" }] }
        : whole;
  };

const reasons: readonly (readonly [what: string, inject: Inject, told: RegExp, persona?: PersonaName])[] = [
  ["it is off", ({ lamp }) => void lamp.off(), /^s1 is switched off; `up` switches it on$/],
  ["a processor is broken", system({ ProcessorSummary: status("Critical") }), /says: a processor is broken/],
  ["a memory module ails", system({ MemorySummary: status("Warning") }), /says: a memory module is ailing/],
  [
    "a power supply has no power",
    listed(/\/Power$/, "PowerSupplies", { Status: { State: "UnavailableOffline" } }),
    /says: power supply PSU 1 has no power/,
  ],
  [
    "a power supply is broken",
    listed(/\/Power$/, "PowerSupplies", status("Critical")),
    /says: power supply PSU 1 is broken/,
  ],
  ["a fan is broken", listed(/\/Thermal$/, "Fans", status("Critical")), /says: fan Fan 1 is broken/],
  [
    "it is too hot",
    listed(/\/Thermal$/, "Temperatures", status("Critical")),
    /says: it is too hot \(CPU 1\)/,
  ],
  [
    "its lid is open",
    document(/\/Chassis\/1$/, () => ({ PhysicalSecurity: { IntrusionSensor: "HardwareIntrusion" } })),
    /says: its lid is open/,
  ],
  ["a drive is broken", storage(status("Critical")), /says: the drive Bay 2 is broken/],
  [
    "a drive is missing",
    storage({ Status: { State: "UnavailableOffline" } }),
    /says: the drive Bay 2 is missing/,
  ],
  ["its storage is broken", storage({}), /says: its storage RAID 1 is broken/],
  [
    "its log has something grave",
    says("Uncorrectable machine check exception"),
    /says: its log says: Uncorrectable machine check exception/,
  ],
  [
    "it stays at its processors",
    progress("PrimaryProcessorInitializationStarted"),
    /says: it stays at its processors/,
  ],
  ["it stays at its memory", progress("MemoryInitializationStarted"), /says: it stays at its memory/],
  ["it stays at its bus", progress("BusInitializationStarted"), /says: it stays at its bus/],
  [
    "it has nothing to start from",
    progress("SystemHardwareInitializationComplete"),
    /says: its hardware is well, and nothing to start from is found/,
  ],
  ["somebody is in its setup", progress("SetupEntered"), /says: somebody is in its firmware's setup/],
  [
    "its system doesn't start",
    progress("OSBootStarted"),
    /says: its boot loader runs and the system hasn't started/,
  ],
  ["its network is wrong", progress("OSRunning"), /says: its system runs: look at its network and SSH/],
  [
    "HPE's self-test",
    system({ Oem: { Hpe: { PostState: "InPost" } } }),
    /says: its firmware is still at its self-test/,
    "ilo6",
  ],
  [
    "HPE's self-test found nothing",
    system({ Oem: { Hpe: { PostState: "InPostDiscoveryComplete" } } }),
    /nothing to start from is found/,
    "ilo6",
  ],
  [
    "Lenovo's self-test",
    system({ Oem: { Lenovo: { SystemStatus: "System running in UEFI" } } }),
    /says: its firmware is still at its self-test/,
    "xcc",
  ],
  [
    "a stage of a maker's own",
    system({ BootProgress: { LastState: "OEM", OemLastState: "Fabric training" } }),
    /says: its start is at Fabric training/,
  ],
  ["it starts from the network", boot("Pxe"), /says: it is set to start from network, not from its disk/],
  ["it starts from a CD", boot("Cd"), /says: it is set to start from cd, not from its disk/],
  ["it is going off", goingOff, /says: it is being switched off/],
  [
    "its controller doesn't know",
    system({ PowerState: null }),
    /says: its controller doesn't know whether it is on/,
  ],
  [
    "its controller is silent",
    fault(() => "silence"),
    /can't be reached.*; s1: its controller .*has not answered within 0.3 s/,
  ],
  [
    "its controller breaks off",
    fault(() => "cut"),
    /can't be reached.*; s1: its controller at \S+ .*(closed|hang up|reset)/,
  ],
  [
    "its controller is busy for ever",
    fault(() => ({
      ...refused(503, "ServiceTemporarilyUnavailable"),
      headers: { "retry-after": "5" },
    })),
    /; s1: its controller has not answered within 0.3 s/,
  ],
  [
    "its controller's account is locked",
    fault(({ method }) => (method === "POST" ? refused(401, "AccountLocked") : null)),
    /; s1: its controller at \S+ doesn't let operator in/,
  ],
  [
    "its controller is no controller",
    fault(() => ({ status: 200, body: {} })),
    /; s1: its controller at \S+ answers, but speaks no Redfish/,
  ],
];

describe("why a server says nothing is told by its controller", () => {
  const each = reasons.map(([what, inject, told, persona = "generic"]) => ({ what, inject, told, persona }));

  test.each(each)("$what", async ({ inject, told, persona }) => {
    const made = await bench({ lit: true, persona: personas[persona] });
    inject(made);
    // Who says nothing is waited for; a computer with much else to do may take its time for all others.
    const patience = told.source.includes("not answered") ? 300 : 20_000;
    const { why } = await whySilent(made.controller, bySsh, patience);
    expect(why).toMatch(told);
  });

  test("another certificate than the one that is known is no controller of ours", async () => {
    const made = await bench({ lit: true });
    const { why } = await whySilent(
      { ...made.controller, certificate: `sha256:${"0".repeat(64)}` },
      bySsh,
      20_000,
    );
    expect(why).toMatch(/; s1: .*certificate/);
    expect(made.emulator.asked).toEqual([]);
  });

  test("one without a controller is told by SSH alone", async () => {
    expect(await whySilent(undefined, bySsh)).toEqual({ state: "unreachable", why: bySsh });
  });
});
