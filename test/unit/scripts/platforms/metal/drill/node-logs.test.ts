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
