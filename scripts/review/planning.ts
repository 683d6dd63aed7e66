import { join } from "node:path";
import { execa } from "execa";
import { type PlanDocument, readPlanDocument } from "../../components/review/document.ts";
import { maskText } from "../../components/review/masks.ts";
import { withheldIn, withheldVariable } from "../../infra/withheld.ts";
import { exitCodes } from "../exit.ts";

/*
 * A revision's stacks are planned by that revision's own code, in a process of its own: so a change of the kit shows in what
 * it makes of the same stack.
 */

/** The project's folder at one revision, with its dependencies. */
export interface ProjectFolder {
  readonly folder: string;
  /** Empty; where its processes may write what they keep for a person. */
  readonly home: string;
  /** Whether it is this checkout itself: then Node's cache of compiled sources is worth having. */
  readonly isOurs: boolean;
  readonly signal: AbortSignal;
}

export type Planned =
  | {
      readonly kind: "planned";
      readonly document: PlanDocument;
      /** Variables that the stack asked for and that a review doesn't give it. */
      readonly withheld?: readonly string[];
    }
  /** This revision has no stack of the name. */
  | { readonly kind: "absent"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

/** What a stack comes to at a revision. Never throws for what that revision's code does. */
export async function planStack(project: ProjectFolder, stack: string, owner: string): Promise<Planned> {
  const result = await runNode(project, ["scripts/cli.ts", "plan", "--json", "--owner", owner, "--", stack]);
  const printed = parse(result.stdout);
  if (result.exitCode === 0) {
    try {
      const document = readPlanDocument(printed);
      return { kind: "planned", document, withheld: withheldIn(result.stderr) };
    } catch (error) {
      return { kind: "failed", message: maskText((error as Error).message) };
    }
  }
  const told = (printed as { error?: { message?: unknown } } | null)?.error?.message;
  const message =
    typeof told === "string"
      ? maskText(told.replaceAll(join(project.folder, "/"), ""))
      : complaint(result, project.folder);
  if (result.exitCode === exitCodes.nothingThere) return { kind: "absent", message };
  const older =
    result.exitCode === exitCodes.usage ? "its `plan` does not know what a review asks for: " : "";
  return { kind: "failed", message: `${older}${message}${withheldNote(withheldIn(result.stderr))}` };
}

/** A variable that isn't there is often why a stack can't be loaded. */
function withheldNote(names: readonly string[]): string {
  if (names.length === 0) return "";
  return `\n(it reads ${names.map((name) => `"${name}"`).join(", ")} from the environment, which a review withholds)`;
}

/** Asked of stacks/index.ts itself, which every revision has; the commands of an older one may not be able to tell. */
const listing = `
const { writeSync } = await import("node:fs");
const { stacks } = await import("./stacks/index.ts");
writeSync(1, "\\n" + JSON.stringify(Object.keys(stacks)) + "\\n");
process.exit(0);`;

/** Names of a revision's stacks, or why they can't be told. */
export async function stacksOf(project: ProjectFolder): Promise<readonly string[] | Error> {
  const result = await runNode(project, ["--input-type=module", "--eval", listing]);
  // The last line: an older revision's stack files may print as well.
  const names = parse(result.stdout.trim().split("\n").at(-1) ?? "");
  if (result.exitCode === 0 && Array.isArray(names)) return names.map(String).sort();
  return new Error(complaint(result, project.folder));
}

interface NodeResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a plan may take, in milliseconds; that of some thousand nodes takes seconds. */
const planDeadline = 180_000;

/** Runs a program in a process group of its own, of which nothing is left when it has ended, nor when time or a person ends it. */
async function runNode(
  { folder, home, isOurs, signal }: ProjectFolder,
  args: readonly string[],
): Promise<NodeResult> {
  const child = execa(process.execPath, args, {
    cwd: folder,
    env: cleanEnvironment(home, isOurs),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    detached: true,
    // Of a plan of some thousand nodes; a runaway process shall not take the machine's memory.
    maxBuffer: 500_000_000,
  });
  let late = false;
  const end = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    late = true;
    end();
  }, planDeadline);
  signal.addEventListener("abort", end);
  child.nodeChildProcess.once("exit", end);
  const { exitCode, stdout, stderr, signal: killedBy, shortMessage } = await child;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  const ended = killedBy ? `it was ended by ${killedBy}` : shortMessage;
  const reason = late ? `it did not end within ${planDeadline / 60_000} minutes` : ended;
  return {
    exitCode: exitCode ?? -1,
    stdout,
    stderr: exitCode === undefined ? `${stderr}\n${reason}` : stderr,
  };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it runs any more.
  }
}

/** What a plan needs and nothing more: no token, no backend, no password of the person or the CI is in it. */
function cleanEnvironment(home: string, withCache: boolean): Record<string, string> {
  const passed = ["PATH", "LANG", "TMPDIR", ...(withCache ? ["NODE_COMPILE_CACHE"] : [])];
  const known = passed.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(known), HOME: home, NO_COLOR: "1", [withheldVariable]: "1" };
}

/** The document, also where a stack file of an older revision has printed something before it. */
function parse(text: string): unknown {
  for (const from of [0, text.search(/^\{$/m)]) {
    try {
      return JSON.parse(text.slice(Math.max(0, from)));
    } catch {
      // What is no document is told by its absence.
    }
  }
  return null;
}

/** The words of a process that failed without a document: without stack traces and without the folder that it ran in. */
function complaint({ exitCode, stdout, stderr }: NodeResult, folder: string): string {
  const lines = maskText(stderr.trim() || stdout.trim())
    .replaceAll(`file://${folder}/`, "")
    .replaceAll(join(folder, "/"), "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at |^Node\.js v/.test(line));
  return lines.length === 0
    ? `it ended with exit code ${exitCode} and no word`
    : lines.slice(0, 20).join("\n");
}
