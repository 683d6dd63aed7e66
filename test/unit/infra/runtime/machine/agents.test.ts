import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Machine } from "../../../../support/machine.ts";

let machine: Machine;
beforeEach(async () => {
  machine = new Machine();
  await machine.start();
});
afterEach(() => machine.end());

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

// They are for Debian: GNU's tools.
describe.skipIf(process.platform !== "linux")("AWS's agents", () => {
  beforeEach(() => {
    machine.command("systemctl", "exit 1");
    machine.command("dpkg");
    // The last but one argument is the file; what is served is the address's last word.
    machine.command("curl", `while [ "$1" != --output ]; do shift; done; printf 'package at %s' "$3" > "$2"`);
  });
  const control = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl";
  const install = (digests: Readonly<Record<string, string>>) =>
    machine.run("bin/hotspare-agents", ["configuration"], {
      HOTSPARE_SESSION_AGENT: "https://a.test/session",
      HOTSPARE_CLOUDWATCH_AGENT: "https://a.test/watch",
      ...digests,
    });
  const installed = () => machine.calls().filter((call) => call.startsWith("dpkg"));

  test("with the digest that is planned are installed", async () => {
    await install({
      HOTSPARE_SESSION_AGENT_SHA256: hash("package at https://a.test/session"),
      HOTSPARE_CLOUDWATCH_AGENT_SHA256: hash("package at https://a.test/watch"),
    });
    expect(installed()).toHaveLength(existsSync(control) ? 1 : 2);
  });

  test("with another content are not opened, and it says which", async () => {
    const { code, errors } = await install({
      HOTSPARE_SESSION_AGENT_SHA256: hash("what was recorded"),
      HOTSPARE_CLOUDWATCH_AGENT_SHA256: hash("what was recorded"),
    });
    expect(code).toBe(1);
    expect(installed()).toEqual([]);
    expect(errors).toContain(
      `https://a.test/session is ${hash("package at https://a.test/session")} and not ${hash("what was recorded")}; it is not installed`,
    );
  });

  test("without a digest are installed as they come", async () => {
    await install({});
    expect(installed().length).toBeGreaterThan(0);
  });
});
