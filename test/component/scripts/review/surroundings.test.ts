import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Review } from "../../../../components/review/types.ts";
import { exitCodes } from "../../../../scripts/exit.ts";
import { copyCheckout } from "../../../support/project.ts";
import { Repository } from "../../../support/repository.ts";
import { stackFile, stacksIndex } from "./stack.ts";

/*
 * `plan` and `review` where people and CIs run them: from hooks, in linked worktrees and clones of one commit, in a folder of a
 * repository with more in it, without a home.
 */

const patience = 120_000;
let root: string;
/** A repository with two projects; `one` is built from a folder of the repository and from one beside it. */
let one: string;
let two: string;
let before: string;

const identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.test"];
async function git(folder: string, ...args: string[]): Promise<string> {
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  return (await execa("git", [...identity, ...args], { cwd: folder, env })).stdout;
}

async function write(folder: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

/** A command in a project's folder; undefined takes a variable away. */
async function run(
  project: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
) {
  const person = {
    HOME: join(root, "person"),
    XDG_CACHE_HOME: join(root, "person/cache"),
    XDG_CONFIG_HOME: join(root, "person/config"),
    XDG_STATE_HOME: join(root, "person/state"),
  };
  const { exitCode, stdout, stderr } = await execa(process.execPath, ["scripts/cli.ts", ...args], {
    cwd: project,
    env: { ...person, ...env },
    stdin: "ignore",
    reject: false,
  });
  expect(stderr).not.toMatch(/^\s+at /m);
  return { exitCode, stdout, stderr };
}

async function review(
  project: string,
  exitCode: number,
  base = "HEAD",
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Review> {
  const result = await run(project, ["review", "dev", "--base", base, "--format", "json"], env);
  expect(result, `${result.stderr}\n${result.stdout.slice(0, 1500)}`).toMatchObject({ exitCode });
  return JSON.parse(result.stdout) as Review;
}

const builtFrom = (context: string) =>
  stackFile("dev", 3).replace(
    "active: 3",
    `active: 3, port: 80, image: { kind: "build", context: "${context}" }`,
  );

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "hotspare-surroundings-"));
  const repository = join(root, "repository");
  [one, two] = [join(repository, "infra/one"), join(repository, "infra/two")];
  await mkdir(join(root, "person"));
  await write(repository, "shop/Dockerfile", "FROM scratch\n");
  await write(root, "beside/Dockerfile", "FROM scratch\n");
  await write(repository, ".gitignore", "node_modules\n");
  await git(repository, "init", "--quiet", "--initial-branch=main");
  await git(repository, "add", "--all");
  await git(repository, "commit", "--quiet", "--message=before there was any project");
  before = await git(repository, "rev-parse", "HEAD");
  for (const [project, context] of [
    [one, "../../shop"],
    [two, "../../../beside"],
  ] as const) {
    await copyCheckout(project);
    await write(project, "stacks/dev.ts", builtFrom(context));
    await write(project, "stacks/index.ts", stacksIndex("dev"));
  }
  await git(repository, "add", "--all");
  await git(repository, "commit", "--quiet", "--message=two projects");
}, patience);
afterAll(() => rm(root, { recursive: true, force: true }), patience);

describe("two projects of one repository", { timeout: patience }, () => {
  test("one that is built from a folder of the repository", async () => {
    expect(await review(one, exitCodes.ok)).toMatchObject({ verdict: "unchanged", failures: [] });
  });

  test("one that is built from a folder beside the repository, which no commit has", async () => {
    const found = await review(two, exitCodes.ok);
    expect(found).toMatchObject({ verdict: "unchanged", failures: [] });
    expect(found.change?.sentences).toEqual([
      {
        subject: "cluster",
        text: 'pool web is built from "../../../beside", which is outside of the repository: both sides take it as it lies there now, so what was changed in it doesn\'t show',
      },
    ]);
  });

  test("a base of before the project was there has no stacks, and that is no failure", async () => {
    const found = await review(one, exitCodes.reviewChanged, before);
    expect(found).toMatchObject({ verdict: "changed", failures: [], change: { kind: "added" } });
  });
});

describe("what git tells those that it starts", { timeout: patience }, () => {
  test("a hook's variables of another place lead nowhere else", async () => {
    const elsewhere = await Repository.create();
    await elsewhere.commit("another repository");
    const hook = {
      GIT_DIR: join(elsewhere.folder, ".git"),
      GIT_INDEX_FILE: join(elsewhere.folder, ".git/index"),
      GIT_WORK_TREE: elsewhere.folder,
      GIT_PREFIX: "x/",
      GIT_CONFIG_PARAMETERS: "'core.autocrlf=true'",
    };
    const found = await review(one, exitCodes.ok, "HEAD", hook);
    expect(found.head).toMatchObject({ commit: await git(one, "rev-parse", "HEAD"), dirty: false });
    await elsewhere.remove();
  });

  test("a linked worktree without a branch, from where HEAD is", async () => {
    const linked = join(root, "linked");
    await git(one, "worktree", "add", "--quiet", "--detach", linked);
    const project = join(linked, "infra/one");
    await symlink(join(one, "node_modules"), join(project, "node_modules"));
    expect(await review(project, exitCodes.ok)).toMatchObject({ verdict: "unchanged" });
  });

  test("a clone of one commit, against that commit", async () => {
    const clone = join(root, "shallow");
    await git(root, "clone", "--quiet", "--depth=1", `file://${join(root, "repository")}`, clone);
    const project = join(clone, "infra/one");
    await symlink(join(one, "node_modules"), join(project, "node_modules"));
    expect(await review(project, exitCodes.ok)).toMatchObject({ verdict: "unchanged" });
  });
});

describe("no home", { timeout: patience }, () => {
  const nowhere = { HOME: "/dev/null/home", XDG_CONFIG_HOME: "", XDG_STATE_HOME: "", PULUMI_BACKEND_URL: "" };

  test("a plan and a review need none", async () => {
    const planned = await run(one, ["plan", "dev", "--json"], nowhere);
    expect(planned, planned.stderr).toMatchObject({ exitCode: exitCodes.ok });
    expect(await review(one, exitCodes.ok, "HEAD", nowhere)).toMatchObject({ verdict: "unchanged" });
  });

  test("what keeps a state says what to set", async () => {
    const { exitCode, stderr } = await run(one, ["history", "dev"], nowhere);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: exitCodes.missingTool });
    expect(stderr).toMatch(/no home folder that can be written.*set HOME/);
  });
});
