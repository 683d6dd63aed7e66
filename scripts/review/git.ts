import { execa } from "execa";
import { maskText } from "../../components/review/masks.ts";
import { projectRoot } from "../../infra/context.ts";
import { gitEnvironment, quietGit } from "../../infra/git-environment.ts";
import { exitCodes, UserError } from "../exit.ts";

/*
 * The few questions that a review has for git. Nothing here changes the repository, its index or its working tree.
 */

/** Runs git in the project's folder. @throws UserError with git's own words */
export async function git(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const result = await run(args, env);
  if (result.ok) return result.output;
  throw new UserError(
    `git ${args.find((word) => /^[a-z]/.test(word) && !word.includes("="))} failed: ${result.output}`,
  );
}

/** Whether a question that git answers by its exit code has the answer yes. */
export async function succeeds(args: readonly string[]): Promise<boolean> {
  return (await run(args)).ok;
}

interface Answer {
  readonly ok: boolean;
  /** What git printed; its complaint where it failed. */
  readonly output: string;
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { exitCode, code, stdout, stderr } = await execa("git", [...quietGit(projectRoot), ...args], {
    cwd: projectRoot,
    env: { ...gitEnvironment(), ...env },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
  if (code === "ENOENT") {
    throw new UserError("git is not installed; a review needs it to see the base", exitCodes.missingTool);
  }
  return exitCode === 0 ? { ok: true, output: stdout } : { ok: false, output: stderr.trim() };
}

/** @throws UserError where the project's folder is in no repository that git will read, or the repository is empty */
export async function checkRepository(): Promise<void> {
  const inside = await run(["rev-parse", "--is-inside-work-tree"]);
  if (!inside.ok) {
    const wayOut = inside.output.includes("dubious ownership")
      ? ""
      : "; a review compares git revisions, so run it in a clone";
    throw new UserError(`${projectRoot} can't be read by git: ${inside.output}${wayOut}`, exitCodes.usage);
  }
  if (!(await commitOf("HEAD")))
    throw new UserError(
      "the repository has no commit yet, so there is nothing to compare with",
      exitCodes.usage,
    );
}

/** Path of the project within its repository, with a slash at the end; empty when it is all of it. */
export async function projectPrefix(): Promise<string> {
  return git(["rev-parse", "--show-prefix"]);
}

/**
 * The same for people and markers: without the slash, `.` for all of the repository. So too where git can't tell: a folder without a
 * repository is all that there is.
 */
export async function projectPath(): Promise<string> {
  const found = await run(["rev-parse", "--show-prefix"]).catch(() => null);
  return found?.ok ? found.output.replace(/\/$/, "") || "." : ".";
}

/** The commit that is checked out; empty where git can't tell. */
export async function headCommit(): Promise<string> {
  return (await commitOf("HEAD").catch(() => null)) ?? "";
}

async function commitOf(ref: string): Promise<string | null> {
  const found = await run(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  return found.ok ? found.output : null;
}

/** The commit that a person's ref means. @throws UserError with the way out when there is none */
export async function resolveRef(option: string, ref: string): Promise<string> {
  const commit = await commitOf(ref);
  if (commit !== null) return commit;
  const wayOut = (await isShallow())
    ? "this clone is shallow, so it may only not be here: `git fetch --unshallow`, or `fetch-depth: 0` in a CI's checkout"
    : "`git fetch` may bring it, `git branch -a` lists what is here";
  throw new UserError(`${option}: git knows no commit "${maskText(ref)}"; ${wayOut}`, exitCodes.usage);
}

/** A base, as it is told of. */
export interface Base {
  readonly ref: string;
  readonly commit: string;
  /** Why it is another than the one that was asked for; null where it is that one. */
  readonly instead: string | null;
}

/**
 * The commit to compare with. A CI names the one before a push (GitHub's `event.before`), which isn't there after a force push, and is
 * zeros before a branch's first: then it is where the head left the usual branch, or on that branch the commit before.
 *
 * @throws UserError with the way out when there is none
 */
export async function resolveBase(ref: string, head: string): Promise<Base> {
  const isNone = /^0{40,64}$/.test(ref);
  // A short id, or a name, is a person's, and may be mistyped; and what a shallow clone lacks can be had.
  const isGone = /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(ref) && (await commitOf(ref)) === null;
  if (!isNone && (!isGone || (await isShallow())))
    return { ref, commit: await resolveRef("--base", ref), instead: null };
  const why = isNone
    ? "there was no commit before this push"
    : `the commit ${ref.slice(0, 12)} isn't in the repository any more, as after a force push`;
  const left = isNone ? null : await whereLeft(head);
  const other = left ?? { ref: "HEAD^", commit: await commitOf(`${head}^`) };
  if (other.commit === null) {
    throw new UserError(
      `--base: ${why}, and the head has none before it; say what to compare with, e.g. --base main`,
      exitCodes.usage,
    );
  }
  return { ref: other.ref, commit: other.commit, instead: `${why}: compared with ${other.ref} instead` };
}

/** Where a commit left the usual branch; null where it is on that branch, or there is none. */
async function whereLeft(head: string): Promise<{ ref: string; commit: string } | null> {
  for (const ref of usualBases) {
    const tip = await commitOf(ref);
    if (tip === null) continue;
    const found = await run(["merge-base", tip, head]);
    return found.ok && found.output !== head ? { ref, commit: found.output } : null;
  }
  return null;
}

/**
 * Where the head's history left the base's. Compared is with this commit and not with the base's tip: what others have added
 * to the base since would look like a revert otherwise.
 *
 * @throws UserError when the two have no history in common, as in a shallow clone
 */
export async function mergeBase(base: { ref: string; commit: string }, head: string): Promise<string> {
  const found = await run(["merge-base", base.commit, head]);
  if (found.ok) return found.output;
  const wayOut = (await isShallow())
    ? "this clone is shallow: `git fetch --unshallow`, or `fetch-depth: 0` in a CI's checkout, brings the rest of the history"
    : "name another --base";
  throw new UserError(
    `--base: "${maskText(base.ref)}" has no history in common with the head; ${wayOut}`,
    exitCodes.usage,
  );
}

/** Branches that changes usually go to, the likeliest first. */
const usualBases = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/** @throws UserError when none of the usual branches is here */
export async function defaultBase(): Promise<string> {
  for (const ref of usualBases) if ((await commitOf(ref)) !== null) return ref;
  throw new UserError(
    `say what to compare with, e.g. --base main; none of [${usualBases.join(", ")}] is here`,
    exitCodes.usage,
  );
}

/** Whether files of the project differ from HEAD's, new ones that aren't ignored included. */
export async function isDirty(): Promise<boolean> {
  return (await git(["status", "--porcelain", "--untracked-files=normal", "--", "."])) !== "";
}

async function isShallow(): Promise<boolean> {
  return (await git(["rev-parse", "--is-shallow-repository"])) === "true";
}
