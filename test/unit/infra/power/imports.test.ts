import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../../../infra/context.ts";

/* Part of it runs beside wardens, with the Node 20 of Debian 13: what npm's libraries ask of a newer one would end it at its start. */

const folder = join(projectRoot, "infra/power");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);

test.each(files)("infra/power/%s needs Node alone", (name) => {
  const imports = [
    ...readFileSync(join(folder, name), "utf8").matchAll(/^(?:import|export) [^;]*?from "([^"]+)"/gm),
  ];
  expect(imports.map(([, from]) => from).filter((from) => !/^(node:|\.\.?\/)/.test(from ?? ""))).toEqual([]);
});
