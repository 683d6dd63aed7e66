import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Review } from "../../../components/review/types.ts";
import { exitCodes } from "../../../scripts/exit.ts";
import { aPull, ownRun } from "../../support/github-run.ts";
import { GitHubStub } from "../../support/github-stub.ts";
import { copyCheckout } from "../../support/project.ts";
import { asStranger, nodeForEverybody, packagesForEverybody } from "../../support/stranger.ts";
import { stackFile, stacksIndex } from "./review/stack.ts";

/*
 * A repository with two projects in its folders, cloned as people and CIs clone it, by people who have a home or none, a name or none.
 * Each plans, reviews the last commit and comments on it in a pull request, by `./hotspare`. They all must come to the same.
 */

const patience = 240_000;
let root: string;
let repository: string;
/** Where Node is, and nothing that a stranger could not read. */
let node: string;
let modules: string;
/** What comes of it in the repository itself, once; everybody else's review must be the same. */
let there: ReturnType<typeof workflow> | undefined;
async function inTheRepository() {
  there ??= workflow(await somebody("author"), join(repository, "infra/one"));
  return there;
}
const expected = async () => (await inTheRepository()).review.change;

async function git(folder: string, ...args: string[]): Promise<string> {
  const identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.test"];
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  return (await execa("git", [...identity, ...args], { cwd: folder, env })).stdout;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

type Environment = Readonly<Record<string, string>>;

interface Person {
  /** All of their environment. */
  readonly env: Environment;
  /** The command line that starts another as them. */
  readonly as: (command: string, ...args: string[]) => [string, ...string[]];
}

const themselves = (command: string, ...args: string[]): [string, ...string[]] => [command, ...args];

/** Somebody with a home. @param more of their environment */
async function somebody(name: string, more: Environment = {}): Promise<Person> {
  const home = join(root, "homes", name);
  await mkdir(home, { recursive: true });
  return { env: { PATH: `${node}:/usr/bin:/bin`, HOME: home, ...more }, as: themselves };
}

async function run(
  { env, as }: Person,
  project: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
) {
  const [command, ...rest] = as(join(project, "hotspare"), ...args);
  const { exitCode, stdout, stderr } = await execa(command, rest, {
    cwd: "/",
    env: { ...env, ...more },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
  expect(stderr).not.toMatch(/^\s+at /m);
  return { exitCode, stdout, stderr };
}

/** Plans, reviews and comments. Returns the review, the comment's text, and all that went to stderr. */
async function workflow(person: Person, project: string) {
  const planned = await run(person, project, ["plan", "dev", "--json"]);
  expect(planned, planned.stderr).toMatchObject({ exitCode: exitCodes.ok });
  expect(JSON.parse(planned.stdout)).toMatchObject({ stack: "dev", plan: { cluster: "dev" } });

  const reports = await mkdtemp(join(root, "reports-"));
  await chmod(reports, 0o777);
  const options = [
    "--base",
    "HEAD~1",
    "--format",
    "json,markdown",
    "--out",
    `${reports}/`,
    "--fail-on",
    "violated",
  ];
  const reviewed = await run(person, project, ["review", "dev", ...options]);
  expect(reviewed, reviewed.stderr).toMatchObject({ exitCode: exitCodes.ok, stdout: "" });
  const review = JSON.parse(await readFile(join(reports, "dev.json"), "utf8")) as Review;
  expect(review).toMatchObject({ verdict: "changed", failures: [], head: { dirty: false } });

  const stub = await GitHubStub.start();
  try {
    const sha = review.head.commit ?? "";
    stub.pulls.push(aPull(7, { head: { ...aPull(7).head, sha } }));
    const event = ownRun(stub, 7, sha);
    for (const file of [event.GITHUB_EVENT_PATH, event.GITHUB_STEP_SUMMARY]) {
      await chmod(dirname(file ?? ""), 0o777);
      await chmod(file ?? "", 0o666);
    }
    const commented = await run(person, project, ["comment", reports], event);
    expect(commented, commented.stderr).toMatchObject({ exitCode: exitCodes.ok });
    expect(stub.comments).toHaveLength(1);
    const told = planned.stderr + reviewed.stderr + commented.stderr;
    return { review, comment: stub.comments[0]?.body ?? "", told };
  } finally {
    await stub.stop();
  }
}

/** A clone, with the packages beside each of its projects. */
async function cloned(name: string, ...options: string[]): Promise<string> {
  const clone = join(root, "clones", name);
  await git(root, "clone", "--quiet", ...options, `file://${repository}`, clone);
  await linkPackages(clone);
  return clone;
}

async function linkPackages(clone: string): Promise<void> {
  for (const project of ["one", "two"]) await symlink(modules, join(clone, "infra", project, "node_modules"));
}

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "hotspare-workflow-")));
  // Everybody may come in; what is somebody's own is closed below.
  await chmod(root, 0o755);
  repository = join(root, "the repository");
  node = await nodeForEverybody(join(root, "bin"));
  modules = await packagesForEverybody(join(root, "packages"));
  await write(join(repository, ".gitignore"), "node_modules\n");
  await git(repository, "init", "--quiet", "--initial-branch=main");
  for (const name of ["one", "two"]) {
    const project = join(repository, "infra", name);
    await copyCheckout(project);
    await rm(join(project, "node_modules"));
    await write(join(project, "stacks/dev.ts"), stackFile("dev", 3));
    await write(join(project, "stacks/index.ts"), stacksIndex("dev"));
  }
  await linkPackages(repository);
  await git(repository, "add", "--all");
  await git(repository, "commit", "--quiet", "--message=two projects");
  for (const name of ["one", "two"])
    await write(join(repository, "infra", name, "stacks/dev.ts"), stackFile("dev", 4));
  await git(repository, "commit", "--quiet", "--all", "--message=one node more");
}, patience);
afterAll(() => rm(root, { recursive: true, force: true }), patience);

describe("the same review, wherever it is made", { timeout: patience }, () => {
  test("in the repository itself", async () => {
    const { review, comment, told } = await inTheRepository();
    expect(comment).toContain("3 → 4");
    expect(told).not.toContain("hotspare:");
    expect(review.change).not.toBeNull();
  });

  test("in a clone with Windows' line endings and no x bits, away from any branch; of both projects", async () => {
    const clone = await cloned("odd", "--config=core.autocrlf=true", "--config=core.fileMode=false");
    await git(clone, "checkout", "--quiet", "--detach");
    const person = await somebody("odd");
    const one = await workflow(person, join(clone, "infra/one"));
    expect(one.review.change).toEqual(await expected());
    const two = await workflow(person, join(clone, "infra/two"));
    expect(two.review.change).toEqual(await expected());
    // Each project of a repository has a comment of its own.
    const marker = (text: string) => /<!--.*?-->/s.exec(text)?.[0];
    expect(marker(one.comment)).toContain("infra/one");
    expect(marker(two.comment)).toContain("infra/two");
  });

  test("in a clone of the last two commits, by somebody without a home", async () => {
    const clone = await cloned("shallow", "--depth=2");
    const { env } = await somebody("nobody");
    const homeless = { env: { ...env, HOME: "/nonexistent", TMPDIR: "/nonexistent/tmp" }, as: themselves };
    const { review, told } = await workflow(homeless, join(clone, "infra/one"));
    expect(review.change).toEqual(await expected());
    expect(told).toContain('TMPDIR: "/nonexistent/tmp" is no folder that can be written');
  });

  test("in a linked worktree, from a hook of another repository, in surroundings where much is set", async () => {
    const linked = join(root, "linked");
    await git(repository, "worktree", "add", "--quiet", "--detach", linked);
    await linkPackages(linked);
    const other = join(root, "other");
    await git(root, "init", "--quiet", other);
    const { review, comment, told } = await workflow(
      await somebody("hook", setEverywhere(other)),
      join(linked, "infra/one"),
    );
    expect(review.change).toEqual(await expected());
    expect(comment).not.toContain("\u001b[");
    expect(told).toContain("NODE_OPTIONS: `--require /nonexistent.cjs` is not passed on");
    expect(told).toMatch(/PULUMI_OPTION_TARGET is not passed on/);
    expect(told).toMatch(/PULUMI_EXPERIMENTAL is set/);
  });

  test("in a checkout of somebody else that can't be written, by a number without a name", async () => {
    const clone = await cloned("theirs");
    await execa("chmod", ["-R", "a-w", clone]);
    const temporary = await mkdtemp(join(root, "tmp-"));
    await chmod(temporary, 0o777);
    const stranger = { env: { PATH: `${node}:/usr/bin:/bin`, TMPDIR: temporary }, as: asStranger };
    const { review } = await workflow(stranger, join(clone, "infra/one"));
    expect(review.change).toEqual(await expected());
    const closed = join(root, "closed");
    await mkdir(closed, { mode: 0o000 });
    const shutOut = { ...stranger, env: { ...stranger.env, HOME: closed } };
    const planned = await run(shutOut, join(clone, "infra/one"), ["plan", "dev", "--json"]);
    expect(planned, planned.stderr).toMatchObject({ exitCode: exitCodes.ok });
    // Pulumi doesn't start for who has no name at all.
    const settle = `const { settle } = await import(${JSON.stringify(join(clone, "infra/one/infra/surroundings/settle.mjs"))});
      const env = {}; settle(env); console.log(env.USER)`;
    const [node24, ...rest] = asStranger(join(node, "node"), "--input-type=module", "--eval", settle);
    expect((await execa(node24, rest, { env: { TMPDIR: temporary } })).stdout).toBe("uid-54321");
    const stateful = await run(stranger, join(clone, "infra/one"), ["history"]);
    expect(stateful).toMatchObject({ exitCode: exitCodes.missingTool, stdout: "" });
    expect(stateful.stderr).toMatch(/no home folder that can be written.*set HOME/);
    await execa("chmod", ["-R", "u+w", clone]);
  });
});

test("packages that don't fit, in a checkout that can't be written, are a sentence and no stack trace", {
  timeout: patience,
}, async () => {
  const clone = await cloned("unfit");
  const project = join(clone, "infra/one");
  await rm(join(project, "node_modules"));
  await execa("chmod", ["-R", "a-w", clone]);
  const person = { env: { PATH: `${node}:/usr/bin:/bin` }, as: asStranger };
  const { exitCode, stderr } = await run(person, project, ["plan"]);
  expect({ exitCode, stdout: "" }).toEqual({ exitCode: exitCodes.failed, stdout: "" });
  expect(stderr.trim().split("\n")).toEqual([
    `hotspare: ${project}/node_modules is not what package-lock.json asks for, and this user can't write there: run \`npm ci\` as the checkout's owner, or use a checkout of your own`,
  ]);
  await execa("chmod", ["-R", "u+w", clone]);
});

/** What hooks, CIs, debuggers and other tools set, all of it at once. */
const setEverywhere = (other: string): Environment => ({
  GIT_DIR: join(other, ".git"),
  GIT_WORK_TREE: other,
  GIT_INDEX_FILE: join(other, ".git/index"),
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "core.autocrlf",
  GIT_CONFIG_VALUE_0: "true",
  GIT_TRACE: "1",
  NODE_OPTIONS: "--require /nonexistent.cjs --max-old-space-size=4096",
  NODE_PATH: "/nonexistent",
  NODE_ENV: "production",
  NODE_PRESERVE_SYMLINKS: "1",
  npm_config_dry_run: "true",
  npm_config_omit: "dev",
  npm_config_json: "true",
  INIT_CWD: other,
  CI: "true",
  FORCE_COLOR: "3",
  TERM: "dumb",
  LANG: "tr_TR.UTF-8",
  LC_ALL: "tr_TR.UTF-8",
  TZ: "Pacific/Kiritimati",
  CDPATH: "/:/tmp",
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
  NO_PROXY: "127.0.0.1",
  DOCKER_HOST: "tcp://127.0.0.1:9",
  DOCKER_CONTEXT: "nonexistent",
  DOCKER_CONFIG: "/nonexistent",
  PULUMI_OPTION_TARGET: "urn:pulumi:dev::hotspare::x::y",
  PULUMI_EXPERIMENTAL: "true",
  PULUMI_STACK: "another",
  PULUMI_BACKEND_URL: "file:///nonexistent",
  PULUMI_CONFIG: "{",
});
