import { afterAll, beforeAll, expect, test } from "vitest";
import { exitCodes } from "../../scripts/exit.ts";
import { Repository } from "../support/repository.ts";

const patience = 120_000;
let repository: Repository;

beforeAll(async () => {
  repository = await Repository.create();
}, patience);
afterAll(() => repository.remove());

test.each([
  ["a syntax error", "\nexport default {,,};", "stacks/dev.ts, line 2: Unexpected token"],
  [
    "an error of its own",
    "\n\nexport default nothing.here;",
    "stacks/dev.ts, line 3: nothing is not defined",
  ],
  [
    "a missing import",
    `import x from "./x.ts"; export default x;`,
    "Cannot find module 'stacks/x.ts' imported from stacks/dev.ts",
  ],
])(
  "a stack file with %s is told by its place, without a stack trace",
  async (_, text, words) => {
    await repository.write("stacks/dev.ts", text);
    const { exitCode, stderr } = await repository.run(["plan", "dev"]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: exitCodes.stackProblems });
    expect(stderr).toMatch(/^stacks\/ can't be loaded: /);
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  },
  patience,
);

test(
  "commands that need no stack go on all the same",
  async () => {
    await repository.write("stacks/dev.ts", "export default {,,};");
    expect(await repository.run(["plan", "--help"])).toMatchObject({ exitCode: exitCodes.ok });
  },
  patience,
);
