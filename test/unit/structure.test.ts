import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../infra/context.ts";

/*
 * Tests mirror the tree: what a folder of the tree holds is tested in the folder of the same path below its tier. A first folder that is
 * a layer of `components` leaves that name out, so `components/plan/platforms/aws` is tested in `test/unit/plan/platforms/aws`. Tests of
 * what only tests use stand in `test/unit/support`. A folder of tests that mirrors nothing is one that nobody finds.
 */

/** Tiers whose folders mirror the tree; tests of the others are about the whole and stand flat. */
const tiers = ["unit", "component"] as const;

/** What a first folder below a tier stands for; any other is a layer of `components`. */
const roots: Readonly<Record<string, string>> = {
  docs: "docs",
  infra: "infra",
  scripts: "scripts",
  stacks: "stacks",
  support: "test/support",
};

function foldersBelow(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [`${folder}/${name}`, ...foldersBelow(`${folder}/${name}`)]);
}

/** The folder of the tree that a folder of tests is about. */
function mirrored(folder: string): string {
  const [, , first = "", ...rest] = folder.split("/");
  return [roots[first] ?? `components/${first}`, ...rest].join("/");
}

const isFolder = (path: string): boolean => {
  try {
    return readdirSync(join(projectRoot, path)).length > 0;
  } catch {
    return false;
  }
};

test.each(tiers)("every folder of the %s tests has its counterpart in the tree", (tier) => {
  const folders = foldersBelow(`test/${tier}`);
  expect(folders.length).toBeGreaterThan(0);
  const alone = folders
    .filter((folder) => !isFolder(mirrored(folder)))
    .map((folder) => `${folder}: there is no ${mirrored(folder)}`);
  expect(alone).toEqual([]);
});

test("a folder of tests is told from the tree's by its first word", () => {
  expect(mirrored("test/unit/plan/platforms/aws")).toBe("components/plan/platforms/aws");
  expect(mirrored("test/unit/infra/runtime/warden")).toBe("infra/runtime/warden");
  expect(mirrored("test/unit/support/aws")).toBe("test/support/aws");
  expect(isFolder(mirrored("test/unit/warden"))).toBe(false);
});
