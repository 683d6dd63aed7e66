import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { elapsed, Progress } from "../../../../scripts/toolchain/progress.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function recorder(isTTY = false) {
  const written: string[] = [];
  return {
    write: (text: string) => written.push(text),
    isTTY,
    written,
    lines: () => written.join("").trim().split("\n"),
  };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("outside a terminal: a line at the start, every 15 s and at the end, without colour", async () => {
  const out = recorder();
  const task = new Progress(out, {}).task("Pulumi", async (update) => {
    await wait(1_000);
    update("compiling", "1 of 9");
    await wait(19_000);
    update("compiling", "8 of 9");
    await wait(70_000);
  });
  await vi.advanceTimersByTimeAsync(90_000);
  await task;
  const lines = out.lines();
  expect(lines.slice(0, 3)).toEqual([
    "· Pulumi …",
    "· Pulumi: compiling, 1 of 9 …",
    "· still: Pulumi: compiling, 1 of 9, 15s",
  ]);
  expect(lines.at(-1)).toBe("✓ Pulumi: compiling  1m 30s");
  expect(lines).toHaveLength(2 + 5 + 1);
});

test("a quick task without news prints nothing, with news one line", async () => {
  const out = recorder();
  const progress = new Progress(out, {});
  expect(await progress.task("quiet", async () => 7)).toBe(7);
  expect(out.written).toEqual([]);
  await progress.task("Node", async (update) => update("fetched"));
  expect(out.lines()).toEqual(["✓ Node: fetched  0.0s"]);
});

test("a failure is shown and passes through", async () => {
  const out = recorder();
  const failing = new Progress(out, {}).task("Docker", () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(out.lines()).toEqual(["✗ Docker  0.0s"]);
});

test("a terminal sees parallel tasks live and keeps one line of each; NO_COLOR is honoured", async () => {
  const out = recorder(true);
  const progress = new Progress(out, { NO_COLOR: "1" });
  const both = [progress.task("one", () => wait(1_000)), progress.task("two", () => wait(2_000))];
  await vi.advanceTimersByTimeAsync(500);
  expect(out.written.join("")).toMatch(/one {2}0\.4s\n.*two {2}0\.4s\n/);
  await vi.advanceTimersByTimeAsync(2_000);
  await Promise.all(both);
  const screen = out.written.join("");
  expect(screen).toContain("✓ one  1.0s\n");
  expect(screen.endsWith("✓ two  2.0s\n")).toBe(true);
  const colours = screen.split("\x1b[").filter((part) => /^\d+m/.test(part));
  expect(colours).toEqual([]);
});

test("durations are for people", () => {
  expect([40, 9_949, 9_950, 59_400, 90_000, 605_000].map(elapsed)).toEqual([
    "0.0s",
    "9.9s",
    "10s",
    "59s",
    "1m 30s",
    "10m 5s",
  ]);
});
