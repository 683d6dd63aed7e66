import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PoolCapacity } from "../../components/plan/capacity.ts";
import { keysMoved } from "../../components/review/compare/keys-moved.ts";
import { exec, images, put, start } from "../support/containers.ts";

/* How many hashed keys move, worked out for a review, against the balancer's own Lua code over 200,000 keys. */

let container: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  const { balancer } = await images();
  container = await start("keys-moved", {
    Image: balancer,
    Cmd: ["sleep", "300"],
    HostConfig: { AutoRemove: true, NetworkMode: "none" },
  });
  await put(container, "/", {
    "moved.lua": readFileSync(join(import.meta.dirname, "../lua/moved.lua"), "utf8"),
  });
});

afterAll(() => container.remove({ force: true }));

type Weights = Readonly<Record<string, number>>;

const even = (count: number): Weights =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`web-${index + 1}`, 1]));

function capacity(weights: Weights): PoolCapacity {
  const shares = Object.entries(weights).map(([node, weight]) => ({ node, weight, share: 0 }));
  return { active: shares.length, hot: 0, cold: 0, cpus: 1, strongest: 1, shares };
}

const inLua = (weights: Weights) =>
  Object.entries(weights)
    .map(([key, weight]) => `${key}=${weight}`)
    .join(",");

test.each<[string, Weights, Weights]>([
  ["nothing", even(3), even(3)],
  ["a node more", even(3), even(4)],
  ["a node less", even(5), even(4)],
  ["from one to ten", even(1), even(10)],
  ["a heavier node", even(3), { ...even(3), "web-1": 3 }],
  ["a lighter node", { "web-1": 10, "web-2": 1, "web-3": 1 }, even(3)],
  ["weights that all double", { "web-1": 1, "web-2": 2 }, { "web-1": 2, "web-2": 4 }],
  ["another node in place of one", { "web-1": 2, "web-2": 1 }, { "web-1": 2, "web-3": 1 }],
  [
    "weights and nodes at once",
    { "web-1": 5, "web-2": 1, "web-3": 2 },
    { "web-1": 1, "web-3": 4, "web-4": 3 },
  ],
  ["nobody who was there", { "web-1": 1 }, { "web-2": 1 }],
])("%s", async (_, before, after) => {
  const algorithm = { kind: "consistent-hash", key: "uri" } as const;
  const worked = keysMoved(
    { algorithm, capacity: capacity(before) },
    { algorithm, capacity: capacity(after) },
  );
  const run = await exec(container, "luajit", "/moved.lua", algorithm.kind, inLua(before), inLua(after));
  expect(run.stderr).toBe("");
  expect(Math.abs(Number(run.stdout) - (worked ?? Number.NaN))).toBeLessThan(0.01);
});
