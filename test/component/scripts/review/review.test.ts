import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Review } from "../../../../components/review/types.ts";
import { exitCodes } from "../../../../scripts/exit.ts";
import type { Repository } from "../../../support/repository.ts";
import { repositoryOf, stackFile, stacksIndex } from "./stack.ts";

/*
 * `./hotspare review` itself, in real repositories: what it says about two revisions, on good days and on bad ones. Neither Docker
 * nor Pulumi takes part.
 */

const patience = 240_000;
let repository: Repository;
/** The first commit: stacks `dev` with 3 nodes and `other`. */
let first: string;

beforeAll(async () => {
  ({ repository, first } = await repositoryOf({ dev: 3, other: 2 }));
}, patience);

beforeEach(() => repository.reset(first));
afterAll(() => repository.remove());

const run = (...args: string[]) => repository.run(["review", ...args]);

/** Runs a review that must end with this code, and reads its document. */
async function review(exitCode: number, ...args: string[]): Promise<Review> {
  const result = await run(...args, "--format", "json");
  expect(result, result.stderr).toMatchObject({ exitCode });
  return JSON.parse(result.stdout) as Review;
}

const base = ["--base", "main"] as const;

describe("good days", { timeout: patience }, () => {
  test("nothing has changed: 0, and neither the repository nor the cache is touched", async () => {
    const before = await allFiles(join(repository.folder, ".git"));
    const found = await review(exitCodes.ok, "dev", ...base);
    expect(found).toMatchObject({ verdict: "unchanged", failures: [], change: { kind: "unchanged" } });
    expect(found.base).toEqual({ ref: "main", commit: first, dirty: false });
    expect(found.head).toEqual({ ref: "working tree", commit: first, dirty: false });
    expect(await allFiles(join(repository.folder, ".git"))).toEqual(before);
    expect(await repository.git("status", "--porcelain")).toBe("");
    expect(await repository.scratchFolders()).toEqual([]);
  });

  test("the working tree is reviewed as it lies there, and counts as dirty", async () => {
    await repository.write("stacks/dev.ts", stackFile("dev", 5));
    const found = await review(exitCodes.reviewChanged, "dev", ...base);
    expect(found).toMatchObject({ verdict: "changed", head: { ref: "working tree", dirty: true } });
    expect(added(found)).toEqual(["web-4", "web-5"]);
  });

  test("a commit is reviewed whatever lies in the working tree", async () => {
    await repository.git("checkout", "--quiet", "-b", "more");
    await repository.write("stacks/dev.ts", stackFile("dev", 4));
    const commit = await repository.commit("4 nodes");
    await repository.write("stacks/dev.ts", "this is no TypeScript");
    const found = await review(exitCodes.reviewChanged, "dev", ...base, "--head", "more");
    expect(found.head).toEqual({ ref: "more", commit, dirty: false });
    expect(added(found)).toEqual(["web-4"]);
  });

  test("what others added to the base since is no part of it", async () => {
    await repository.git("checkout", "--quiet", "-b", "feature");
    await repository.git("checkout", "--quiet", "main");
    await repository.write("stacks/dev.ts", stackFile("dev", 6));
    await repository.commit("others go on");
    await repository.git("checkout", "--quiet", "feature");
    const found = await review(exitCodes.ok, "dev", ...base);
    expect(found).toMatchObject({ verdict: "unchanged", base: { ref: "main", commit: first } });
  });

  test("the zeros that stand for no commit mean the one before", async () => {
    await repository.write("stacks/dev.ts", stackFile("dev", 4));
    await repository.commit("4 nodes");
    const found = await review(exitCodes.reviewChanged, "dev", "--base", "0".repeat(40));
    expect(found.base).toMatchObject({ ref: "HEAD^", commit: first });
  });

  test("a commit that a force push has taken away gives way to the one before, and on a branch to where it began", async () => {
    const gone = "d".repeat(40);
    await repository.write("stacks/dev.ts", stackFile("dev", 4));
    await repository.commit("4 nodes");
    const onMain = await run("dev", "--base", gone, "--format", "json");
    expect(onMain.stderr).toContain(
      "--base: the commit dddddddddddd isn't in the repository any more, as after a force push: compared with HEAD^ instead",
    );
    expect(JSON.parse(onMain.stdout)).toMatchObject({ base: { ref: "HEAD^", commit: first } });

    await repository.git("checkout", "--quiet", "-B", "feature", first);
    for (const nodes of [5, 6]) {
      await repository.write("stacks/dev.ts", stackFile("dev", nodes));
      await repository.commit(`${nodes} nodes`);
    }
    const found = await review(exitCodes.reviewChanged, "dev", "--base", gone);
    expect(found.base).toMatchObject({ ref: "main", commit: first });
    expect(added(found)).toEqual(["web-4", "web-5", "web-6"]);
    // A short one may be mistyped.
    expect((await run("dev", "--base", "ddddddd")).exitCode).toBe(exitCodes.usage);
  });

  test("a change of the kit shows in what it makes of the same stack", async () => {
    await repository.edit(
      "components/render/keepalived/index.ts",
      "vrrp_instance cluster",
      "vrrp_instance other",
    );
    const found = await review(exitCodes.reviewChanged, "dev", ...base);
    expect(found.change?.files.map(({ path }) => path)).toContain("keepalived.conf");
  });
});

describe("which stacks", { timeout: patience }, () => {
  /** Ends a review of all stacks, which prints one document after the other. */
  async function all(exitCode: number, ...args: string[]): Promise<Review[]> {
    const out = join(repository.person, "reports/");
    await rm(out, { recursive: true, force: true });
    const result = await run("--all", ...base, ...args, "--format", "json", "--out", out);
    expect(result, result.stderr).toMatchObject({ exitCode, stdout: "" });
    const files = (await readdir(out)).sort();
    return Promise.all(files.map(async (file) => JSON.parse(await readFile(join(out, file), "utf8"))));
  }

  test("all of both sides; the worst verdict decides", async () => {
    await repository.write("stacks/more.ts", stackFile("more", 2));
    await repository.write("stacks/index.ts", stacksIndex("dev", "more"));
    const found = await all(exitCodes.reviewDestructive);
    expect(found.map(({ stack, verdict, change }) => [stack, verdict, change?.kind])).toEqual([
      ["dev", "unchanged", "unchanged"],
      ["more", "changed", "added"],
      ["other", "destructive", "removed"],
    ]);
  });

  test("one with another name is told to be a second cluster, where it is planned alike", async () => {
    await repository.write("stacks/fresh.ts", stackFile("fresh", 2));
    await repository.write("stacks/index.ts", stacksIndex("dev", "fresh"));
    const found = await all(exitCodes.reviewDestructive);
    const notes = found.map(({ stack, change }) => [stack, change?.sentences.at(-1)?.text ?? ""]);
    expect(Object.fromEntries(notes)).toMatchObject({
      fresh: expect.stringContaining(`planned just like "other", which is removed`),
      other: expect.stringContaining(`"fresh" is planned just like it`),
    });
  });

  test("and so is one that was edited as well", async () => {
    await repository.write("stacks/fresh.ts", stackFile("fresh", 4));
    await repository.write("stacks/index.ts", stacksIndex("dev", "fresh"));
    const found = await all(exitCodes.reviewDestructive);
    expect(found.map(({ change }) => change?.sentences.at(-1)?.text)).toEqual([
      undefined,
      expect.stringContaining(`planned much like "other", which is removed`),
      expect.stringContaining(`"fresh" is planned much like it`),
    ]);
  });

  test("one whose name alone is another is a danger, and with its id it is the same one", async () => {
    await repository.write(
      "stacks/index.ts",
      stacksIndex("dev").replace("};", '  fresh: () => import("./other.ts"),\n};'),
    );
    const [, fresh] = await all(exitCodes.reviewViolated);
    expect(fresh).toMatchObject({
      stack: "fresh",
      risks: [{ code: "risk.stack-renamed", severity: "danger" }],
    });

    const line = '  fresh: { id: "other", load: () => import("./other.ts") },';
    await repository.write("stacks/index.ts", stacksIndex("dev").replace("};", `${line}\n};`));
    const found = await all(exitCodes.ok);
    expect(found.map(({ stack, verdict }) => [stack, verdict])).toEqual([
      ["dev", "unchanged"],
      ["fresh", "unchanged"],
    ]);
  });

  test("those of the side that can tell, where the other can't", async () => {
    await repository.write("stacks/index.ts", "export const stacks = {,,};");
    const found = await all(exitCodes.failed);
    expect(found.map(({ stack, failures }) => [stack, failures.map(({ phase }) => phase)])).toEqual([
      ["dev", ["head"]],
      ["other", ["head"]],
    ]);
  });

  test("several by name: one report after the other, by name", async () => {
    const result = await run("other", "dev", ...base);
    expect(result).toMatchObject({ exitCode: exitCodes.ok });
    const [dev, other] = ["hotspare:review:dev", "hotspare:review:other"].map((marker) =>
      result.stdout.indexOf(marker),
    );
    expect(dev).toBeGreaterThanOrEqual(0);
    expect(other).toBeGreaterThan(dev ?? 0);
  });
});

describe("reports and exit codes", { timeout: patience }, () => {
  test("every format at once, in a folder", async () => {
    const out = join(repository.person, "formats");
    const result = await run("dev", ...base, "--format", "markdown,json,html", "--out", out);
    expect(result).toMatchObject({ exitCode: exitCodes.ok, stdout: "" });
    expect((await readdir(out)).sort()).toEqual(["dev.html", "dev.json", "dev.md"]);
    expect(result.stderr).toContain(join(out, "dev.html"));
  });

  test("one stack and one format go to a file", async () => {
    const file = join(repository.person, "dev.md");
    expect(await run("dev", ...base, "--out", file)).toMatchObject({ exitCode: exitCodes.ok, stdout: "" });
    expect(await readFile(file, "utf8")).toContain("hotspare:review:dev");
    const several = await run("--all", ...base, "--out", file);
    expect(several).toMatchObject({ exitCode: exitCodes.usage });
    expect(several.stderr).toContain("is a file, and there may be several reports");
  });

  test("--fail-on: what is milder ends with 0", async () => {
    await repository.write("stacks/dev.ts", stackFile("dev", 5));
    expect(await run("dev", ...base, "--fail-on", "destructive")).toMatchObject({ exitCode: exitCodes.ok });
    await repository.write("stacks/dev.ts", stackFile("dev", 2));
    expect(await run("dev", ...base, "--fail-on", "destructive")).toMatchObject({
      exitCode: exitCodes.reviewDestructive,
    });
  });

  test("the same revisions make the same bytes, whoever asks", async () => {
    await repository.write("stacks/dev.ts", stackFile("dev", 5));
    const [one, two] = await Promise.all(
      ["a", "b"].map((person) =>
        repository.run(["review", "dev", ...base], { XDG_CONFIG_HOME: join(repository.person, person) }),
      ),
    );
    expect(one?.stdout).toBe(two?.stdout);
    expect(one?.stdout).toContain("web-4");
  });
});

/** Keys of the machines that a review calls new. */
function added({ change }: Review): string[] {
  return (change?.machines ?? []).filter(({ action }) => action === "added").map(({ key }) => key);
}

async function allFiles(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}
