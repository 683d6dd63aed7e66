import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exec, images, put, start } from "../support/containers.ts";

/* The director's own Lua code, by the LuaJIT that runs it. Its files are put into the balancer's image, which has that. */

const suite = "director";
const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

test("the director's Lua code", async () => {
  const { balancer } = await images();
  const container = await start(suite, {
    Image: balancer,
    Cmd: ["sleep", "120"],
    HostConfig: { AutoRemove: true, NetworkMode: "none" },
  });
  await put(container, "/", {
    "usr/lib/hotspare/director/lua/programs.lua": read("infra/runtime/director/lua/programs.lua"),
    "usr/lib/hotspare/director/lua/reconcile.lua": read("infra/runtime/director/lua/reconcile.lua"),
    "tests/run.lua": read("test/lua/run.lua"),
    "tests/test_programs.lua": read("test/lua/test_programs.lua"),
    "tests/test_reconcile.lua": read("test/lua/test_reconcile.lua"),
  });
  const { exitCode, stdout, stderr } = await exec(
    container,
    "luajit",
    "/tests/run.lua",
    "programs",
    "reconcile",
  );
  await container.remove({ force: true });
  expect(stdout.split("\n").filter((line) => line.startsWith("not ok"))).toEqual([]);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  expect(stdout.match(/^ok /gm)?.length).toBeGreaterThan(9);
});
