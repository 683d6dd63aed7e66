import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { SpecError } from "../../../components/model/problem.ts";
import { buildFolderProblems, checkBuildFolders, contextFolder } from "../../../infra/build-folders.ts";
import { planContext, projectRoot } from "../../../infra/context.ts";

const folder = mkdtempSync(join(tmpdir(), "hotspare-build-folders-"));
writeFileSync(join(folder, "file"), "");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const specOf = (...contexts: string[]) =>
  loadStack("demo", {
    name: "demo",
    environment: "development",
    platform: { kind: "docker" },
    pools: Object.fromEntries(
      contexts.map((context, index) => [`p${index}`, { active: 1, image: { kind: "build", context } }]),
    ),
    routes: contexts.map((_, index) => ({ path: `/${index}`, pool: `p${index}` })),
  });

test("all folders that nothing can be built from are problems, each at its place", () => {
  const spec = specOf("./no-such-folder", "infra/runtime/node", folder, join(folder, "file"), "a\0b");
  expect(buildFolderProblems(spec).map(({ path, code, message }) => [path, code, message])).toEqual([
    ["pools.p0.image.context", "pool.build-folder", '"./no-such-folder" isn\'t there'],
    ["pools.p2.image.context", "pool.build-folder", `${JSON.stringify(folder)} has no Dockerfile`],
    ["pools.p3.image.context", "pool.build-folder", `${JSON.stringify(join(folder, "file"))} is no folder`],
    ["pools.p4.image.context", "pool.build-folder", '"a\\u0000b" isn\'t there'],
  ]);
});

test("they stop whoever plans with the files of this checkout, and nobody who has the images of another time", () => {
  const spec = specOf("./no-such-folder");
  expect(() => checkBuildFolders(spec)).toThrow(SpecError);
  expect(() => planContext(spec, "00000000", null)).toThrow(
    'cluster "demo" has 1 problem:\n  pools.p0.image.context: "./no-such-folder" isn\'t there; name a folder with a Dockerfile',
  );
  expect(planContext(spec, "00000000", { node: "then" }).images).toEqual({ node: "then" });
});

test("relative folders are the project's", () => {
  expect(contextFolder("stacks")).toBe(join(projectRoot, "stacks"));
  expect(contextFolder("/srv/api")).toBe("/srv/api");
});
