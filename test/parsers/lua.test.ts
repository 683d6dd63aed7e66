import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exec, images, put, removeAll, start } from "../support/containers.ts";

/* The tests in test/lua, by the LuaJIT that the balancer's nginx uses. */

const suite = "lua";
const folder = join(import.meta.dirname, "../lua");

beforeAll(() => removeAll(suite));
afterAll(() => removeAll(suite));

test("the balancer's Lua code", async () => {
  const { balancer } = await images();
  const container = await start(suite, {
    Image: balancer,
    Cmd: ["sleep", "120"],
    HostConfig: { NetworkMode: "none" },
  });
  const files = readdirSync(folder).map((name) => [
    `tests/${name}`,
    readFileSync(join(folder, name), "utf8"),
  ]);
  await put(container, "/", Object.fromEntries(files));
  const { exitCode, stdout, stderr } = await exec(container, "luajit", "/tests/run.lua");
  expect(stdout.split("\n").filter((line) => line.startsWith("not ok"))).toEqual([]);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  expect(stdout.match(/^ok /gm)?.length).toBeGreaterThan(60);
});
