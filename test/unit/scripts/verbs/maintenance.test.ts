import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { BalancerControl } from "../../../../components/platform/planned/balancer-control.ts";
import { commandLine } from "../../../../scripts/command-line.ts";
import { planOf } from "../../../../scripts/stacks.ts";
import { runningBalancers } from "../../../../scripts/status/balancers.ts";
import { maintenanceOf } from "../../../../scripts/verbs/maintenance.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

vi.mock("../../../../scripts/status/balancers.ts", () => ({
  runningBalancers: vi.fn(),
  statusesOf: async () => [],
}));
vi.mock("../../../../scripts/stacks.ts", async (original) => ({
  ...(await original<object>()),
  planOf: vi.fn(),
}));

const now = new Date("2026-03-01T14:02:09.000Z");
const plain = { retryAfter: "300" };

describe("what maintenance says", () => {
  test("is a plain page for everybody, unless a person says more", () => {
    const since = "2026-03-01T14:02:09.000Z";
    expect(maintenanceOf("mia", plain, now)).toEqual({ since, by: "mia", retryAfter: 300, allowed: [] });
    const allow = ["192.0.2.7", "198.51.100.0/24"];
    expect(maintenanceOf("mia", { ...plain, allow, reason: "the fair" }, now)).toMatchObject({
      allowed: ["192.0.2.7/32", "198.51.100.0/24"],
      reason: "the fair",
    });
  });

  test("has a person's own page", () => {
    const file = join(temporaryFolder(), "page.html");
    writeFileSync(file, "<h1>Bis gleich – um drei</h1>");
    expect(maintenanceOf("mia", { ...plain, page: file }).page).toBe("<h1>Bis gleich – um drei</h1>");
  });

  test.each([
    [{ retryAfter: "0" }, '--retry-after: "0" is not a number of seconds'],
    [{ retryAfter: "5 min" }, "--retry-after"],
    [{ retryAfter: "604801" }, "--retry-after"],
    [{ ...plain, allow: ["192.0.2.7/24"] }, '--allow: "192.0.2.7/24" is neither'],
    [{ ...plain, allow: ["::1"] }, "--allow"],
    [{ ...plain, allow: [""] }, "--allow"],
    [{ ...plain, allow: Array(65).fill("192.0.2.7") }, "--allow: 65 networks"],
    [{ ...plain, reason: "ü".repeat(501) }, "--reason"],
    [{ ...plain, page: "/nowhere/page.html" }, "--page: /nowhere/page.html can't be read (ENOENT)"],
    [{ ...plain, page: "/" }, "--page: / can't be read (EISDIR)"],
  ])("is refused with what is wrong: %j", (options, words) => {
    expect(() => maintenanceOf("mia", options)).toThrow(words);
  });

  test.each([Buffer.alloc(0), Buffer.alloc(65_537, "x"), Buffer.from([0xff, 0xfe, 0x41])])(
    "takes no page that is empty, too large or no text (%#)",
    (bytes) => {
      const file = join(temporaryFolder(), "page.html");
      writeFileSync(file, bytes);
      expect(() => maintenanceOf("mia", { ...plain, page: file })).toThrow("must be HTML in UTF-8");
    },
  );
});

describe("who is told", () => {
  /** Says it where these run. @returns who was told */
  async function told(state: string, ...running: string[]): Promise<string[]> {
    const heard: string[] = [];
    const controls = running.map((key): [string, BalancerControl] => [
      key,
      { setMaintenance: async () => void heard.push(key) } as unknown as BalancerControl,
    ]);
    vi.mocked(runningBalancers).mockResolvedValue(new Map(controls));
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await (await commandLine("maintenance")).parseAsync(["maintenance", state, "dev"], { from: "user" });
    return heard;
  }

  test("are all that run; one of the plan that doesn't makes it degraded, with its name", async () => {
    vi.mocked(planOf).mockReturnValue(planAny(small() as never));
    expect(await told("on", "lb-1", "lb-2")).toEqual(["lb-1", "lb-2"]);
    await expect(told("on", "lb-2")).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(/^lb-1: not told.* let clients in, .*maintenance on dev` again/),
    });
    await expect(told("off", "lb-1")).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(/^lb-2: not told.* answer 503 if it did before, /),
    });
  });

  test("are those that run alone where the stack's file is gone", async () => {
    vi.mocked(planOf).mockImplementation(() => {
      throw new Error("there is no stack");
    });
    expect(await told("off", "lb-1")).toEqual(["lb-1"]);
  });
});
