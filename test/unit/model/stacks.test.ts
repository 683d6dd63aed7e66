import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkStack, loadStack } from "../../../components/model/define.ts";
import { stacks } from "../../support/stacks.ts";

const folder = join(import.meta.dirname, "../../../stacks");
const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "index.ts");

/** Applications; a project of its own among them has the kit as a package, and no stack here. */
const examples = readdirSync(join(folder, "examples")).filter((name) =>
  existsSync(join(folder, "examples", name, "stack.ts")),
);

test("every file of stacks/, and every application among the examples, is in its index", () => {
  const known = [...files.map((name) => name.replace(/\.ts$/, "")), ...examples];
  expect(known.sort()).toEqual(Object.keys(stacks).sort());
});

describe.each(Object.entries(stacks))("stack %s", (_, stack) => {
  test("has no problem", () => {
    expect(checkStack(stack).problems).toEqual([]);
  });

  test("is data only", () => {
    expect(JSON.parse(JSON.stringify(stack))).toEqual(stack);
  });
});

test("no two stacks make a cluster of the same name", () => {
  const names = Object.entries(stacks).map(([name, stack]) => loadStack(name, stack).name);
  expect(names).toEqual([...new Set(names)]);
});
