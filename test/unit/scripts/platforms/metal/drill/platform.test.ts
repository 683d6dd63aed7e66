import { afterEach, beforeEach, expect, test } from "vitest";
import { serverDrills } from "../../../../../../scripts/platforms/metal/drill/platform.ts";
import { FakeSsh } from "../../../../../support/metal/fake-ssh.ts";
import { metalPlan } from "../../../../../support/metal/stacks.ts";

let fake: FakeSsh;
beforeEach(() => {
  fake = new FakeSsh();
});
afterEach(() => fake.end());

test("of programs of a name only the balancer's own are killed: a server may have others", async () => {
  await serverDrills("shop", metalPlan()).killProgram("lb-1", "nginx", []);
  expect(fake.calls).toContain("hotspare-balancer.service");
  expect(fake.calls).toContain("/cgroup; then kill -KILL");
});

test("a command that fails says where, and in whose words", async () => {
  fake.answer("none", { err: "Unit hotspare-node.service not loaded.\n", code: 5 });
  await expect(serverDrills("shop", metalPlan()).exec("web-1", "systemctl", "start")).rejects.toThrow(
    "web-1 on s3: 'systemctl' 'start' ended with 5: Unit hotspare-node.service not loaded.",
  );
});

test("a machine's server can't be unplugged by SSH, which would cut the way back", () => {
  expect(serverDrills("shop", metalPlan()).faults.disconnect).toBeUndefined();
});

test("a program on a server ends with its input, and tells its lines", async () => {
  fake.answer("none", { out: "h 1 1\nh 2 0\n" });
  const lines: string[] = [];
  const running = await serverDrills("shop", metalPlan()).run("lb-1", ["watch"], (line) => lines.push(line));
  running.stop();
  await running.ended;
  expect(lines).toEqual(["h 1 1", "h 2 0"]);
});
