import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Review } from "../../../../components/review/types.ts";
import { exitCodes } from "../../../../scripts/exit.ts";
import type { Repository } from "../../../support/repository.ts";
import { repositoryOf, stackFile } from "./stack.ts";

/*
 * What `./hotspare review` says where a side can't be looked at: a clear line, the right exit code, and the other side all the same.
 */

const patience = 240_000;
let repository: Repository;
let first: string;

beforeAll(async () => {
  ({ repository, first } = await repositoryOf({ dev: 3 }));
}, patience);

beforeEach(() => repository.reset(first));
afterAll(() => repository.remove());

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  repository.run(["review", ...args], env);

async function review(exitCode: number, ...args: string[]): Promise<Review> {
  const result = await run([...args, "--format", "json"]);
  expect(result, result.stderr).toMatchObject({ exitCode });
  return JSON.parse(result.stdout) as Review;
}

/** Makes what lies there the base, and the first commit what is reviewed. */
async function asBase(): Promise<void> {
  await repository.commit("a base of another kind");
  await repository.git("branch", "--force", "odd");
  await repository.git("checkout", "--quiet", "-B", "head");
  await repository.git("checkout", first, "--", ".");
  await repository.commit("the head");
}

/** Stand for the commands of a revision: those that end in the middle, and those that are older than reviews. */
const death = `process.stdout.write('{"schema": "hot'); process.kill(process.pid, "SIGKILL");`;
const unknownOption = `process.stderr.write("error: unknown option '--owner'\\n"); process.exitCode = 2;`;

describe("a base that can't be planned", { timeout: patience }, () => {
  test.each([
    [
      "has a syntax error",
      "stacks/dev.ts",
      "export default {,,};",
      /stacks\/dev\.ts, line 1: Unexpected token/,
    ],
    [
      "throws",
      "stacks/dev.ts",
      `throw new Error("not today"); export default {};`,
      /stacks\/dev\.ts, line 1: not today/,
    ],
    [
      "has problems",
      "stacks/dev.ts",
      stackFile("dev", 0),
      /stack "dev" has 1 problem:\n {2}pools\.web\.active: /,
    ],
    ["is broken in the kit itself", "components/plan/plan.ts", "export {", /components\/plan\/plan\.ts:1\n/],
    [
      "has commands that know no reviews",
      "scripts/cli.ts",
      unknownOption,
      /^"odd" .*`plan` does not know what a review/s,
    ],
    ["dies in the middle of a word", "scripts/cli.ts", death, /^"odd" .*it was ended by SIGKILL/s],
    [
      "prints another document",
      "scripts/cli.ts",
      "console.log('{}')",
      /^"odd" could not be planned.*schema/s,
    ],
  ])("because it %s: is told, and the head is shown", async (_, file, text, words) => {
    await repository.write(file, text);
    await asBase();
    const found = await review(exitCodes.failed, "dev", "--base", "odd");
    expect(found).toMatchObject({
      verdict: "failed",
      failures: [{ phase: "base" }],
      change: { kind: "added" },
    });
    const [{ message } = { message: "" }] = found.failures;
    expect(message).toMatch(words);
    expect(message).not.toContain(repository.person);
    expect(message).not.toMatch(/^\s+at /m);
  });

  test("no value of the environment reaches its code", async () => {
    await repository.write(
      "stacks/dev.ts",
      "throw new Error(Object.values(process.env).join()); export default {};",
    );
    await asBase();
    const canary = "canary-4711";
    const result = await run(["dev", "--base", "odd", "--format", "json"], {
      AWS_PROFILE: canary,
      PULUMI_HOME: canary,
    });
    expect(result.exitCode).toBe(exitCodes.failed);
    expect(result.stdout).toContain("not be planned");
    expect(result.stdout).not.toContain(canary);
  });
});

describe("a head that can't be planned", { timeout: patience }, () => {
  test("is told with the place of the mistake; it doesn't count as removed", async () => {
    await repository.write("stacks/dev.ts", "\nexport default foo.bar;");
    const found = await review(exitCodes.failed, "dev", "--base", "main");
    expect(found).toMatchObject({ verdict: "failed", failures: [{ phase: "head" }], change: null });
    expect(found.failures[0]?.message).toContain("stacks/dev.ts, line 2: foo is not defined");
  });
});

describe("a base with another lock file", { timeout: patience }, () => {
  /** Stands for npm: notes how it was called and links the dependencies that there are. */
  const npm = (ending: string) => `
    const { appendFileSync, symlinkSync, readdirSync } = require("node:fs");
    appendFileSync(process.env.NPM_CALLS, JSON.stringify({ args: process.argv.slice(2), files: readdirSync(".").sort() }) + "\\n");
    ${ending}`;

  async function withNpm(ending: string): Promise<{ env: Record<string, string>; calls: string }> {
    const folder = join(repository.person, "npm");
    const calls = join(folder, "calls");
    await mkdir(folder, { recursive: true });
    await rm(calls, { force: true });
    await writeFile(join(folder, "npm-cli.js"), npm(ending));
    return { env: { npm_execpath: join(folder, "npm-cli.js"), NPM_CALLS: calls }, calls };
  }

  async function withOtherLock(text: string): Promise<void> {
    await repository.edit("package-lock.json", /\n$/, text);
    await asBase();
  }

  test("gets its own dependencies, once, without running scripts of theirs and without its .npmrc", async () => {
    await withOtherLock("\n\n");
    const modules = JSON.stringify(join(repository.folder, "node_modules"));
    const { env, calls } = await withNpm(`symlinkSync(${modules}, "node_modules");`);
    for (const _ of [1, 2])
      expect(await run(["dev", "--base", "odd"], env)).toMatchObject({ exitCode: exitCodes.ok });
    const called = (await execa("cat", [calls])).stdout.split("\n").map((line) => JSON.parse(line));
    expect(called).toEqual([
      {
        args: expect.arrayContaining(["ci", "--ignore-scripts"]),
        files: ["package-lock.json", "package.json"],
      },
    ]);
  });

  test("that can't be had is told, and the head is shown", async () => {
    await withOtherLock("\n\n\n");
    const { env } = await withNpm(`console.error("npm error network"); process.exit(1);`);
    const result = await run(["dev", "--base", "odd", "--format", "json"], env);
    expect(result.exitCode).toBe(exitCodes.failed);
    const { failures, change } = JSON.parse(result.stdout) as Review;
    expect(failures).toEqual([{ phase: "base", message: expect.stringContaining("npm error network") }]);
    expect(change?.kind).toBe("added");
  });
});

describe("what a person must mend first", { timeout: patience }, () => {
  test.each([
    [["--base", "nowhere"], /--base: git knows no commit "nowhere"; `git fetch` may bring it/],
    [["--base", "main", "--head", "nowhere"], /--head: git knows no commit "nowhere"/],
    [["--base", "--output=x"], /git knows no commit "--output=x"/],
    [["--base", "main", "--format", "pdf"], /--format: "pdf" is none of \[terminal, markdown, html, json\]/],
    [["--base", "main", "--format", "json,html"], /several formats need --out/],
    [["--base", "main", "--fail-on", "never"], /--fail-on: "never" is none of \[changed, /],
    [["--base", "main", "--all", "dev"], /not both/],
    [
      ["--base", "main", "--head", "main", "--preview"],
      /the engine can only be asked about the working tree/,
    ],
  ])("%j: exit code 2 and a line", async (args, words) => {
    const result = await run(args);
    expect(result).toMatchObject({ exitCode: exitCodes.usage, stdout: "" });
    expect(result.stderr).toMatch(words);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });

  test("a stack that neither side has", async () => {
    const result = await run(["nowhere", "--base", "main"]);
    expect(result).toMatchObject({ exitCode: exitCodes.nothingThere, stdout: "" });
    expect(result.stderr).toContain(`there is no stack "nowhere"; stacks/index.ts has [dev]`);
  });

  test("no base that could be guessed", async () => {
    await repository.git("checkout", "--quiet", "-B", "trunk");
    await repository.git("branch", "--delete", "--force", "main");
    const result = await run(["dev"]);
    expect(result).toMatchObject({ exitCode: exitCodes.usage });
    expect(result.stderr).toContain("say what to compare with, e.g. --base main");
  });

  test("no git", async () => {
    const result = await run(["dev", "--base", "main"], { PATH: "/nowhere" });
    expect(result).toMatchObject({ exitCode: exitCodes.missingTool });
    expect(result.stderr).toContain("git is not installed");
  });

  test("no repository", async () => {
    const [here, away] = [".git", "away"].map((name) => join(repository.folder, name)) as [string, string];
    await rename(here, away);
    const result = await run(["dev", "--base", "main"]).finally(() => rename(away, here));
    expect(result).toMatchObject({ exitCode: exitCodes.usage });
    expect(result.stderr).toContain("run it in a clone");
  });

  test("histories that have nothing in common", async () => {
    await repository.git("checkout", "--quiet", "--orphan", "island");
    await repository.commit("another beginning");
    const result = await run(["dev", "--base", "main"]);
    expect(result).toMatchObject({ exitCode: exitCodes.usage });
    expect(result.stderr).toMatch(/"main" has no history in common with the head; name another --base/);
  });

  test("a shallow clone", async () => {
    await repository.commit("one more");
    const shallow = await repository.shallowClone();
    const missing = await shallow.run(["review", "dev", "--base", first]);
    expect(missing).toMatchObject({ exitCode: exitCodes.usage });
    expect(missing.stderr).toMatch(/this clone is shallow.*git fetch --unshallow.*fetch-depth: 0/);
    await shallow.remove();
  });
});

describe("an end before its time", { timeout: patience }, () => {
  test("Ctrl-C leaves nothing behind", async () => {
    await repository.write(
      "stacks/dev.ts",
      "await new Promise((done) => setTimeout(done, 60_000)); export default {};",
    );
    await asBase();
    const running = repository.start(["review", "dev", "--base", "odd"]);
    while ((await repository.scratchFolders()).length === 0) await sleep(20);
    await sleep(500);
    running.kill("SIGINT");
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: exitCodes.interrupted,
      stderr: expect.stringContaining("interrupted"),
    });
    expect(await repository.scratchFolders()).toEqual([]);
  });

  test("what a killed run left goes with a later one; what may be in use stays", async () => {
    const parent = join(repository.person, "cache", "hotspare", "review");
    const hours = new Date(Date.now() - 2 * 3_600_000);
    for (const [name, at] of [
      [`${process.pid}-old`, hours],
      [`${process.pid}-new`, new Date()],
      ["999999999-old", hours],
      ["999999999-new", new Date()],
    ] as const) {
      await mkdir(join(parent, name), { recursive: true });
      await utimes(join(parent, name), at, at);
    }
    await run(["dev", "--base", "main"]);
    expect((await repository.scratchFolders()).sort()).toEqual(
      ["999999999-new", `${process.pid}-new`, `${process.pid}-old`].sort(),
    );
  });
});
