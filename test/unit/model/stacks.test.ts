import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkStack, loadStack } from "../../../components/model/define.ts";
import { stacks } from "../../support/stacks.ts";

const folder = join(import.meta.dirname, "../../../stacks");
const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "index.ts");

test("every file of stacks/ is in its index", () => {
  expect(files.map((name) => name.replace(/\.ts$/, "")).sort()).toEqual(Object.keys(stacks).sort());
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
