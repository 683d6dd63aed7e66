import { expect, test } from "vitest";
import { inventoryOf, type ServerEntry } from "../../../../../scripts/platforms/metal/inventory.ts";

const facts = {
  serial: "CZ1",
  vendor: "HPE",
  model: "ProLiant DL360",
  cpus: "16",
  architecture: "x86_64",
  memory: "68719476736",
  disks: "sda:960197124096 sdb:960197124096",
  system: "debian 13",
  kernel: "6.12.0",
  firmware: "U46 2.10",
  uptime: "273600",
  mark: "0123abcd shop",
  carries: "lb-1 warden-1 web-2",
};
const entry = (change: Partial<ServerEntry> = {}, changed: Partial<typeof facts> = {}): ServerEntry => ({
  server: "s1",
  facts: { ...facts, ...changed },
  silent: null,
  controller: null,
  standby: false,
  planned: ["lb-1", "web-2", "warden-1"],
  rack: null,
  feed: null,
  serial: null,
  ...change,
});
const findings = (one: ServerEntry) => inventoryOf([one], "0123abcd shop").findings;

test("a server is told by what it is, for how long it runs, and what it carries", () => {
  const { picture } = inventoryOf([entry()], "0123abcd shop");
  expect(picture).toContain("HPE ProLiant DL360  CZ1");
  expect(picture).toContain("on for 3 d 4 h  –       lb-1 warden-1 web-2");
  expect(findings(entry())).toEqual([]);
});

test("what is planned and not there, and the other way round, is a finding", () => {
  expect(findings(entry({}, { carries: "lb-1 web-9" }))).toEqual([
    "s1: web-2, warden-1 planned and not there; `up` brings it",
    "s1: web-9 there and planned no more; `up` removes it",
  ]);
});

test("another server behind the address, and another stack's, are findings", () => {
  expect(findings(entry({ serial: "CZ2" }))[0]).toBe(
    "s1: it is the server CZ1, and the stack says CZ2; nothing is written to it",
  );
  expect(findings(entry({ planned: [] }, { mark: "ffff0000 other" }))).toEqual([
    's1: it is marked as the stack "other" of the owner ffff0000',
  ]);
});

test("one that doesn't answer is in the table all the same, with the reason below", () => {
  const { picture, findings: found } = inventoryOf(
    [entry({ facts: null, silent: "s1: nothing answers SSH at 192.0.2.11:22; start sshd there" })],
    "0123abcd shop",
  );
  expect(picture).toContain("no answer  –       lb-1 web-2 warden-1");
  expect(found).toEqual(["s1: nothing answers SSH at 192.0.2.11:22; start sshd there"]);
});

const told = {
  power: "on" as const,
  facts: {
    ...{ manufacturer: "HPE", model: "DL360 Gen11", serials: ["CZ1"], firmware: "U54", controller: "iLO 6" },
    ...{ cpus: 2, memory: 64 * 1024 ** 3, health: "ok" as const },
  },
  causes: [],
  silent: null,
};
const silent = { facts: null, silent: "s1: 192.0.2.11:22 can't be reached" };

test("a cold standby that is off is told by its controller, and nothing is wrong with it", () => {
  const off = entry({
    ...silent,
    standby: true,
    planned: ["web-cold-1"],
    controller: { ...told, power: "off" },
  });
  const { picture, findings: found } = inventoryOf([off], "0123abcd shop");
  expect(picture).toMatch(/HPE DL360 Gen11 {2}CZ1 .* 64 GB .* U54 .* off .* ok .* web-cold-1/);
  expect(found).toEqual([]);
  expect(findings({ ...off, standby: false })).toEqual(["s1 is switched off; `up` switches it on"]);
});

test("why a server is silent, and what is wrong with one that runs, is its controller's to say", () => {
  const causes = ["fan Fan 2 is broken"];
  expect(findings(entry({ ...silent, controller: { ...told, causes } }))).toEqual([
    "s1: 192.0.2.11:22 can't be reached",
    "s1: its controller says: fan Fan 2 is broken",
  ]);
  const ill = { ...told, facts: { ...told.facts, health: "critical" as const }, causes };
  expect(findings(entry({ controller: ill }))).toEqual(["s1: its controller says: fan Fan 2 is broken"]);
  expect(
    findings(
      entry({ controller: { ...told, power: null, facts: null, silent: "s1: its controller is silent" } }),
    ),
  ).toEqual(["s1: its controller is silent"]);
});
