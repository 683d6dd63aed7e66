import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readStack } from "../../infra/stack-source.ts";
import { exitCodes } from "../../scripts/exit.ts";
import { Repository } from "../support/repository.ts";

const patience = 120_000;

describe("a stack's file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hotspare-stacks-"));
    await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Reads `odd`, whose file has this text, beside a stack `fine`. */
  async function read(text: string, stack = "odd", index?: string) {
    await writeFile(join(folder, "odd.ts"), text);
    await writeFile(join(folder, "fine.ts"), "export default { name: 'fine' };");
    const lazy = `export const stacks = { fine: () => import("./fine.ts"), odd: () => import("./odd.ts") };`;
    await writeFile(join(folder, "index.ts"), index ?? lazy);
    return readStack(stack, { index: join(folder, "index.ts"), deadline: 5_000 });
  }

  test.each([
    ["is data", "export default { name: 'odd' };"],
    ["prints", "console.log('{'); process.stdout.write('}'); export default { name: 'odd' };"],
    ["leaves a timer", "setInterval(() => {}, 100); export default { name: 'odd' };"],
    ["waits a little", "await new Promise((done) => setTimeout(done, 10)); export default { name: 'odd' };"],
  ])("that %s is read", async (_, text) => {
    expect((await read(text)).reading).toEqual({ kind: "stack", input: { name: "odd" } });
  });

  const withIds = (odd: string, fine = '() => import("./fine.ts")') =>
    `export const stacks = { fine: ${fine}, odd: ${odd} };`;
  const renamed = withIds('{ id: "strange", load: () => import("./odd.ts") }');

  test.each(["odd", "strange"])("with an id is read by its name and by the id: %s", async (word) => {
    expect(await read("export default { name: 'odd' };", word, renamed)).toMatchObject({
      reading: { kind: "stack", input: { name: "odd" } },
      names: ["fine", "odd"],
      ids: { fine: "fine", odd: "strange" },
    });
    expect((await read("for (;;);", word, renamed)).reading).toMatchObject({
      message: expect.stringMatching(/^stacks\/odd\.ts did not end/),
    });
  });

  test.each([
    ["the name of another", 'id: "fine"', /"fine", the id of "odd", means "fine" as well/],
    ["no name for Pulumi", 'id: "../odd"', /the id "\.\.\/odd" of "odd" is none/],
  ])("whose id is %s is refused", async (_, id, words) => {
    const index = withIds(`{ ${id}, load: () => import("./odd.ts") }`);
    expect((await read("export default { name: 'odd' };", "odd", index)).reading).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(words),
    });
  });

  test.each([
    ["throws", "\nthrow new Error('not today');", /odd\.ts, line 2: not today$/],
    ["has a syntax error", "export default {,,};", /odd\.ts, line 1: Unexpected token/],
    ["ends the process", "process.exit(0);", /^stacks\/odd\.ts ended the process .*exit code 0/],
    ["dies", "process.kill(process.pid, 'SIGKILL');", /^stacks\/odd\.ts ended the process .*SIGKILL/],
    ["never settles", "await new Promise(() => {});", /^stacks\/odd\.ts waits for a promise that nothing/],
    ["repeats for ever", "for (;;);", /^stacks\/odd\.ts did not end within 5 s/],
    [
      "waits for ever",
      "setInterval(() => {}, 100); await new Promise(() => {});",
      /^stacks\/odd\.ts did not end within 5 s/,
    ],
    [
      "holds a function",
      "export default { name() {} };",
      /^the stack "odd" holds what is no data:\nname: a function is no data/,
    ],
    [
      "holds what throws when it is read",
      "export default { pools: { get web() { throw new Error('boom'); } } };",
      /^the stack "odd" holds what is no data:\npools\.web: it can't be read: boom/,
    ],
  ])(
    "that %s is told by its name, and stops no other",
    async (_, text, words) => {
      expect((await read(text)).reading).toEqual({ kind: "failed", message: expect.stringMatching(words) });
      expect((await read(text, "fine")).reading).toEqual({ kind: "stack", input: { name: "fine" } });
    },
    patience,
  );

  test("an index of stacks and not of their files is read as well", async () => {
    const index = `import odd from "./odd.ts"; export const stacks = { odd, other: { name: "other" } };`;
    const { reading, names } = await read("export default { name: 'odd' };", "other", index);
    expect({ reading, names }).toEqual({
      reading: { kind: "stack", input: { name: "other" } },
      names: ["odd", "other"],
    });
  });
});

describe("the commands", () => {
  let repository: Repository;
  let first: string;
  beforeAll(async () => {
    repository = await Repository.create();
    first = await repository.git("rev-parse", "HEAD");
  }, patience);
  beforeEach(() => repository.reset(first));
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
    "those that need no stack, or another one, go on all the same",
    async () => {
      await repository.write("stacks/dev.ts", "export default {,,};");
      expect(await repository.run(["plan", "--help"])).toMatchObject({ exitCode: exitCodes.ok });
      expect(await repository.run(["plan", "staging", "--no-files"])).toMatchObject({
        exitCode: exitCodes.ok,
      });
    },
    patience,
  );

  test(
    "what a stack file prints goes to stderr: stdout is the document",
    async () => {
      await repository.edit("stacks/dev.ts", /^/, `console.log("[1] hello"); setInterval(() => {}, 1000);\n`);
      const { exitCode, stdout, stderr } = await repository.run(["plan", "dev", "--json"]);
      expect(exitCode, stderr).toBe(exitCodes.ok);
      expect(JSON.parse(stdout)).toMatchObject({ stack: "dev" });
      expect(stderr).toContain("[1] hello");
    },
    patience,
  );

  test(
    "a command whose own promise never settles ends with a code of ours",
    async () => {
      await repository.write(
        "scripts/verbs/doctor.ts",
        `export const registerDoctor = (program) => program.command("doctor").action(() => new Promise(() => {}));`,
      );
      const { exitCode, stderr } = await repository.run(["doctor"]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: exitCodes.failed });
      expect(stderr).toContain("in the middle of its work");
    },
    patience,
  );
});
