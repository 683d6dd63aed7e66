import { expect, test } from "vitest";
import { ServerLogs } from "../../../../../../scripts/platforms/metal/drill/node-logs.ts";

test("what nodes wrote since the beginning is read at the end, and nothing of before", async () => {
  const files = new Map([
    ["web-1", "old\n"],
    ["web-2", ""],
  ]);
  const lines: string[] = [];
  const logs = new ServerLogs(
    ["web-1", "web-2"],
    new Set(),
    {
      sizeOf: async (key) => (files.get(key) ?? "").length,
      readFrom: async (key, place) => (files.get(key) ?? "").slice(place),
    },
    (node, line) => void (line === "" || lines.push(`${node}: ${line}`)),
  );
  await logs.start();
  files.set("web-1", "old\nnew\n");
  files.set("web-2", "first\nsecond\n");
  await logs.stop();
  expect(lines.sort()).toEqual(["web-1: new", "web-2: first", "web-2: second"]);
});

test("a cold standby that is off has written nothing, and all that one wrote that came and went again", async () => {
  const off = new Error("s4: it can't be reached");
  const there = new Map<string, string>();
  const lines: string[] = [];
  const ask = async (key: string) => {
    const text = there.get(key);
    if (text === undefined) throw off;
    return text;
  };
  const logs = (cold: readonly string[]) =>
    new ServerLogs(
      ["web-cold-1", "web-cold-2"],
      new Set(cold),
      {
        sizeOf: async (key) => (await ask(key)).length,
        readFrom: async (key, place) => (await ask(key)).slice(place),
      },
      (node, line) => void (line === "" || lines.push(`${node}: ${line}`)),
    );
  const both = logs(["web-cold-1", "web-cold-2"]);
  await both.start();
  there.set("web-cold-2", "served\n");
  await both.stop();
  expect(lines).toEqual(["web-cold-2: served"]);
  // Of others it is no matter of course.
  await expect(logs([]).start()).rejects.toThrow(off);
});
