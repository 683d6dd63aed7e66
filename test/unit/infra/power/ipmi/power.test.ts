import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPower } from "../../../../../infra/power/open.ts";
import type { Controller } from "../../../../../infra/power/types.ts";

/* IPMI by a program `ipmitool` that keeps a lamp in a file and notes what it was asked. What it prints is the real one's. */

const path = process.env.PATH;
let folder: string;

const program = `#!/bin/sh
here=$(dirname "$0")
printf '%s\\n' "$*" >> "$here/calls"
[ "$IPMITOOL_PASSWORD" = hush ] || { echo 'Error: Unable to establish IPMI v2 / RMCP+ session: RAKP 2 HMAC is invalid' >&2; exit 1; }
echo 'Unable to Get Channel Cipher Suites' >&2
while [ "$1" != -R ]; do shift; done
shift 2
case "$*" in
  "chassis status") printf 'System Power         : %s\\nPower Overload       : false\\nCooling/Fan Fault    : %s\\n' "$(cat "$here/power")" "$(cat "$here/fan")" ;;
  "chassis power on") echo on > "$here/power" ;;
  "chassis power off") echo off > "$here/power" ;;
  "chassis power soft") [ -e "$here/deaf" ] || echo off > "$here/power" ;;
  "chassis bootdev "*) echo "$3" > "$here/boot" ;;
  "chassis bootparam get 5") if grep -q pxe "$here/boot" 2>/dev/null; then printf '   - Boot Flag Valid\\n   - Boot Device Selector : Force PXE\\n'; fi ;;
  "fru print 0") if [ -e "$here/fru" ]; then printf ' Device not present (%s)\\n' "$(cat "$here/fru")"; exit 1; fi; printf ' Product Manufacturer  : IBM\\n Product Name          : System x\\n Product Serial        : SN1\\n' ;;
  "mc info") printf 'Firmware Revision         : 9.08\\nIPMI Version              : 2.0\\n' ;;
  *) echo 'Invalid command' >&2; exit 1 ;;
esac
`;

const controller: Controller = {
  server: "s1",
  kind: "ipmi",
  host: "192.0.2.111",
  port: null,
  user: "operator",
  password: "hush",
  certificate: null,
  serial: "SN1",
};
const open = (change: Partial<Controller> = {}) =>
  openPower({ ...controller, ...change }, { request: 4_000, settle: 2_000, pause: 5 });
const calls = () => readFileSync(join(folder, "calls"), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-ipmi-"));
  writeFileSync(join(folder, "ipmitool"), program);
  chmodSync(join(folder, "ipmitool"), 0o755);
  writeFileSync(join(folder, "power"), "off\n");
  writeFileSync(join(folder, "fan"), "false\n");
  process.env.PATH = `${folder}${delimiter}${path}`;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

test("a server is switched on and off, and what is so already isn't pressed", async () => {
  const power = open();
  expect(await power.on()).toBe("done");
  expect(await power.on()).toBe("was so");
  expect((await power.status()).power).toBe("on");
  expect(await power.off(1_000)).toBe("done");
  expect(await power.off(0)).toBe("was so");
  expect(calls().match(/chassis power \w+/g)).toEqual(["chassis power on", "chassis power soft"]);
});

test("a system that doesn't shut down is cut", async () => {
  writeFileSync(join(folder, "power"), "on\n");
  writeFileSync(join(folder, "deaf"), "");
  expect(await open().off(100)).toBe("done");
  expect(calls()).toContain("chassis power off");
});

test("a password is never an argument", async () => {
  await open().status();
  expect(calls()).toContain("-I lanplus -H 192.0.2.111 -p 623 -U operator -E -L OPERATOR");
  expect(calls()).not.toContain("hush");
});

test("another server is never switched", async () => {
  await expect(open({ serial: "SN2" }).on()).rejects.toThrow(
    "s1: its controller at 192.0.2.111:623 is that of the server SN1, not SN2, so nothing was done; correct its `bmc` or `serial`",
  );
  expect(calls()).not.toContain("chassis power");
});

test.each([
  ["No Response", "doesn't answer; is there a route to it"],
  ["Node busy", "refused fru print 0 (Device not present (Node busy))"],
  ["Insufficient privilege level", "doesn't give that account the right to it"],
  ["Requested sensor, data, or record not found", "tells no serial number"],
])("an inventory chip that gives %s isn't told as another server", async (given, said) => {
  writeFileSync(join(folder, "fru"), given);
  await expect(open().on()).rejects.toThrow(said);
  expect(calls()).not.toContain("chassis power");
});

test("facts without an inventory chip are the others; where it only couldn't be asked, there are none", async () => {
  writeFileSync(join(folder, "fru"), "Requested sensor, data, or record not found");
  expect(await open().facts()).toMatchObject({ serials: [], health: "ok" });
  writeFileSync(join(folder, "fru"), "No Response");
  await expect(open().facts()).rejects.toThrow("doesn't answer");
});

test.each([
  ["kill -9 $$", "was not asked to the end: ipmitool here was ended by SIGKILL (chassis status)"],
  ["exec sleep 60", "has not answered within 0.3 s"],
  ["exec yes", "was not asked to the end: ipmitool here was ended by printing more than 1 MB"],
])("a program that ends as by `%s` isn't told as one that isn't there", async (lines, said) => {
  writeFileSync(join(folder, "ipmitool"), `#!/bin/sh\n${lines}\n`);
  const power = openPower(controller, { request: lines === "exec sleep 60" ? 300 : 20_000 });
  await expect(power.status()).rejects.toThrow(said);
});

test("a program that isn't there is told as that", async () => {
  rmSync(join(folder, "ipmitool"));
  process.env.PATH = folder;
  await expect(open().status()).rejects.toThrow("ipmitool can't be run here; install Debian's ipmitool");
});

test("an account that isn't let in is said, and what it can't do", async () => {
  await expect(open({ password: "wrong" }).status()).rejects.toThrow(
    "doesn't let that account in; correct the secret that bmc.account names",
  );
  expect(() => open({ password: "longer than twenty bytes" })).toThrow(
    "can have no password of more than 20 bytes",
  );
  await expect(open().insert("http://192.0.2.1/x.iso")).rejects.toThrow(
    "has no virtual drive; start it from the network",
  );
});

test("facts, boot source and causes are what it tells", async () => {
  const power = open();
  await power.bootOnce("network");
  expect((await power.status()).boot).toBe("network");
  expect(await power.facts()).toMatchObject({
    manufacturer: "IBM",
    model: "System x",
    serials: ["SN1"],
    health: "ok",
  });
  writeFileSync(join(folder, "fan"), "true\n");
  expect(await power.causes()).toEqual(["a fan is broken", "it is switched off"]);
});
