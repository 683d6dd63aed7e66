import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exec, images, put, start } from "../support/containers.ts";

/* The tests in test/lua, by the LuaJIT that the balancer's nginx uses. */

const suite = "lua";
const folder = join(import.meta.dirname, "../lua");

test("the balancer's Lua code", async () => {
  const { balancer } = await images();
  const container = await start(suite, {
    Image: balancer,
    Cmd: ["sleep", "120"],
    HostConfig: { AutoRemove: true, NetworkMode: "none" },
  });
  const files = readdirSync(folder).map((name) => [
    `tests/${name}`,
    readFileSync(join(folder, name), "utf8"),
  ]);
  await put(container, "/", Object.fromEntries(files));
  const { exitCode, stdout, stderr } = await exec(container, "luajit", "/tests/run.lua");
  await container.remove({ force: true });
  expect(stdout.split("\n").filter((line) => line.startsWith("not ok"))).toEqual([]);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  expect(stdout.match(/^ok /gm)?.length).toBeGreaterThan(60);
});
