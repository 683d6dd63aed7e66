import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renderKeepalived } from "../../../../components/render/keepalived/index.ts";
import { renderBalancer } from "../../../../components/render/metal/balancer.ts";
import { renderMover } from "../../../../components/render/metal/mover.ts";
import { metalPlan } from "../../../support/metal/stacks.ts";

/* What moves the address where ARP doesn't, run by a real shell in a folder of its own. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotspare-mover-"));
  mkdirSync(join(folder, "hotspare"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The program, with a folder of the test's in place of /run. */
function mover(...program: string[]): string {
  const [[, text = ""] = []] = Object.entries(renderMover(metalPlan({ moveAddress: program }), "r1-u04"));
  const path = join(folder, "mover");
  writeFileSync(path, text.replaceAll("/run/", `${folder}/`).replace(/sleep \S+/g, "sleep 0.05"));
  return path;
}
const holds = (state: string) => {
  writeFileSync(join(folder, "hotspare/vrrp"), `{"state":"${state}","priority":100}\n`);
};

test("a stack without one has none, and keepalived starts none", () => {
  const plan = metalPlan();
  expect(renderMover(plan, "s1")).toEqual({});
  const [balancer] = plan.balancers;
  if (balancer === undefined) throw new Error("the plan has no balancer");
  expect(renderKeepalived(plan, balancer, "eth0")).not.toContain("notify_master");
  const moved = metalPlan({ moveAddress: ["/usr/local/sbin/move-address"] });
  expect(renderKeepalived(moved, balancer, "eth0")).toContain(
    'notify_master "/bin/bash /usr/lib/hotspare/move-address"\n',
  );
});

test("the unit that it runs in lets it have its lock, and read an account with a provider", () => {
  const files = renderMover(metalPlan({ moveAddress: ["/usr/local/sbin/move-address"] }), "s1");
  const unit = renderBalancer(files).files["/etc/systemd/system/hotspare-balancer.service"] ?? "";
  const [, lock = ""] = /exec 9> (\S+)\//.exec(Object.values(files)[0] ?? "") ?? [];
  expect(unit).toMatch(new RegExp(`^ReadWritePaths=.* ${lock} `, "m"));
  expect(unit).toContain("\nProtectHome=read-only\n");
  expect(unit).not.toContain("IPAddressDeny");
});

test("the stack's own program is told the address and the server, and gets its arguments as they are", () => {
  const said = join(folder, "said");
  const path = mover(
    "/bin/sh",
    "-c",
    `echo "$HOTSPARE_ADDRESS $HOTSPARE_SERVER $1" > ${said}`,
    "it",
    `it's "$5"`,
  );
  expect(spawnSync("bash", [path]).status).toBe(0);
  expect(readFileSync(said, "utf8")).toBe(`192.0.2.10 r1-u04 it's "$5"\n`);
});

test("is tried until it works, as long as the balancer has the address; then once more, when every earlier call is over", () => {
  const count = join(folder, "count");
  const third = `echo x >> ${count}; [ $(wc -l < ${count}) -ge 3 ]`;
  holds("MASTER");
  expect(spawnSync("bash", [mover("/bin/sh", "-c", third)]).status).toBe(0);
  expect(readFileSync(count, "utf8")).toBe("x\nx\nx\nx\n");
  rmSync(count);
  holds("BACKUP");
  const { status, stderr } = spawnSync("bash", [mover("/bin/sh", "-c", third)]);
  expect([status, readFileSync(count, "utf8")]).toEqual([1, "x\n"]);
  expect(String(stderr)).toContain("the address was not moved (exit code 1); again in 1 s");
});

test.each([
  ["MASTER", true],
  ["BACKUP", false],
])("the second of two waits for the first, and then goes by who has the address: %s", (state, moved) => {
  const marker = join(folder, "ran");
  const path = mover("/usr/bin/touch", marker);
  holds(state);
  const lock = `${folder}/hotspare/move-address.lock`;
  const both = `(exec 8> ${lock}; flock 8; sleep 0.3; ! [ -e ${marker} ]) & sleep 0.1; bash ${path}; wait $!`;
  expect(spawnSync("bash", ["-c", both]).status).toBe(0);
  expect(existsSync(marker)).toBe(moved);
});

test("a service's account with a provider is looked for in root's home", () => {
  const said = join(folder, "home");
  const path = mover("/bin/sh", "-c", `echo "$HOME" > ${said}`);
  expect(spawnSync("bash", [path], { env: { PATH: process.env.PATH } }).status).toBe(0);
  expect(readFileSync(said, "utf8")).toBe("/root\n");
});
