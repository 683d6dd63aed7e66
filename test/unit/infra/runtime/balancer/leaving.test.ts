import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/* Parts of the balancer's shell programs, by the real shell: a balancer behind directors that stops. */

const programs = join(import.meta.dirname, "../../../../../infra/runtime/balancer");
const common = join(programs, "lib/common.sh");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-balancer-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs lines after common.sh, in whose places are folders of the test's. */
async function shell(...lines: string[]): Promise<string[]> {
  const script = [`. ${common}`, `run=${folder}`, `current=${folder}`, ...lines].join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-uc", script]);
  return stdout.split("\n").filter((line) => line !== "");
}

const configured = (...lines: string[]) =>
  writeFileSync(join(folder, "keepalived.conf"), [...lines, "global_defs {", "}", ""].join("\n"));

/** A function of the entry, as it stands there. */
function entryFunction(name: string): string {
  const text = readFileSync(join(programs, "bin/hotspare-balancer"), "utf8");
  const found = new RegExp(`^${name}\\(\\) \\{[\\s\\S]*?^\\}`, "m").exec(text);
  if (found === null) throw new Error(`the entry has no ${name}`);
  return found[0];
}

describe.skipIf(process.platform !== "linux")("a balancer behind directors", () => {
  const behind = [
    "# hotspare:front 10.0.0.10/32 2",
    "# hotspare:director 10.0.0.6",
    "# hotspare:director 10.0.0.7",
  ];

  test("waits until the one that has asked least has heard of it often enough", async () => {
    configured(...behind);
    const said = await shell(
      // The answer grows with each question; those are counted in a file, since a subshell asks.
      `curl() { echo x >> ${folder}/asked; printf '{"leaving":true,"told":%d}' $(($(wc -l < ${folder}/asked) - 2)); echo "$*" >&3; }`,
      "sleep() { :; }",
      "directors_know 2 3>&1",
    );
    expect(said).toHaveLength(4);
    expect(said[0]).toMatch(/ http:\/\/control\/leaving\?by=10\.0\.0\.6,10\.0\.0\.7$/);
  });

  test("notes the clients' address for whoever watches it, also where directors come or go later", async () => {
    configured();
    expect(await shell("note_front", `wc -l < ${folder}/front`)).toEqual(["1"]);
    configured(...behind);
    expect(await shell("note_front", `cat ${folder}/front`)).toEqual(["10.0.0.10/32"]);
    configured();
    expect(await shell("note_front", `cat ${folder}/front`)).toEqual([]);
  });

  test("watches the address that was noted last", async () => {
    const looks = [
      "ip() { :; }",
      "keep_virtual_addresses() { echo kept; }",
      entryFunction("keep_front").replace("/proc/sys/net/ipv4/conf/all/arp_ignore", `${folder}/arp_ignore`),
      "keep_front || :",
    ];
    writeFileSync(join(folder, "arp_ignore"), "1\n");
    writeFileSync(join(folder, "front"), "\n");
    expect(await shell(...looks)).toEqual([]);
    writeFileSync(join(folder, "front"), "10.0.0.10/32\n");
    expect(await shell(...looks)).toEqual(["kept"]);
  });

  test.each([
    ["0", "0", 9],
    ["4", "2", 3],
    ["5", "5", 1],
  ])(
    "stops within Docker's 10 s: directors %s s, keepalived %s s, then nginx %i s",
    async (directors, keepalived, left) => {
      const said = await shell(
        entryFunction("stop"),
        "nginx_pid=1 keepalived_pid=2",
        `leave_directors() { SECONDS=$((SECONDS + ${directors})); }`,
        `end() { [ "$1" = 1 ] && echo "nginx $2 $3" || SECONDS=$((SECONDS + ${keepalived})); }`,
        "remove_virtual_addresses() { :; }",
        "SECONDS=100",
        "stop 2>/dev/null",
      );
      expect(said).toEqual([`nginx QUIT ${left}`]);
    },
  );
});
