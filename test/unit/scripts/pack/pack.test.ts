import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectOf, projectRoot } from "../../../../infra/project-root.ts";
import { packageOf } from "../../../../scripts/pack/pack.ts";

/* That what is packed runs is tried in test/live/ephemeral.test.ts. */

const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));

test("a package names what was built, has the checkout's dependencies and none of its tools", () => {
  const packed = packageOf(manifest) as Record<string, unknown>;
  expect(packed.exports).toMatchObject({
    "./testing": {
      types: "./scripts/ephemeral/testing.d.ts",
      default: "./scripts/ephemeral/testing.js",
    },
  });
  expect(packed.dependencies).toEqual(manifest.dependencies);
  expect(packed).not.toHaveProperty("devDependencies");
  // `prepack` would refuse.
  expect(packed).not.toHaveProperty("scripts");
  expect(packed.peerDependencies).toEqual({ vitest: `^${manifest.devDependencies.vitest}` });
});

test("the compiler knows each entry by the name that projects import", () => {
  const { compilerOptions } = JSON.parse(readFileSync(join(projectRoot, "tsconfig.json"), "utf8"));
  const exported = Object.entries(manifest.exports).map(([name, file]) => [
    name.replace(".", "hotspare"),
    [file],
  ]);
  expect(compilerOptions.paths).toEqual(Object.fromEntries(exported));
});

test("a project is what has the package, wherever a package manager puts that", () => {
  expect(projectOf("/home/me/shop/node_modules/hotspare")).toBe("/home/me/shop");
  expect(projectOf("/home/me/shop/node_modules/.pnpm/hotspare@0.1.0/node_modules/hotspare")).toBe(
    "/home/me/shop",
  );
  expect(projectOf("/home/me/hotspare")).toBe("/home/me/hotspare");
});
