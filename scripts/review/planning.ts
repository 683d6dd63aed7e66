import { join } from "node:path";
import { execa } from "execa";
import { type PlanDocument, readPlanDocument } from "../../components/review/document.ts";
import { maskText } from "../../components/review/masks.ts";
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
  | { readonly kind: "planned"; readonly document: PlanDocument }
  /** This revision has no stack of the name. */
  | { readonly kind: "absent"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

/** What a stack comes to at a revision. Never throws for what that revision's code does. */
export async function planStack(project: ProjectFolder, stack: string, owner: string): Promise<Planned> {
  const result = await runNode(project, ["scripts/cli.ts", "plan", "--json", "--owner", owner, "--", stack]);
  const printed = parse(result.stdout);
  if (result.exitCode === 0) {
    try {
      return { kind: "planned", document: readPlanDocument(printed) };
    } catch (error) {
      return { kind: "failed", message: maskText((error as Error).message) };
    }
  }
  const told = (printed as { error?: { message?: unknown } } | null)?.error?.message;
  const message = typeof told === "string" ? maskText(told) : complaint(result, project.folder);
  if (result.exitCode === exitCodes.nothingThere) return { kind: "absent", message };
  const older =
    result.exitCode === exitCodes.usage ? "its `plan` does not know what a review asks for: " : "";
  return { kind: "failed", message: `${older}${message}` };
}

/** Asked of stacks/index.ts itself, which every revision has; the commands of an older one may not be able to tell. */
const listing = `
const { stacks } = await import("./stacks/index.ts");
process.stdout.write(JSON.stringify(Object.keys(stacks)));`;

/** Names of a revision's stacks, or why they can't be told. */
export async function stacksOf(project: ProjectFolder): Promise<readonly string[] | Error> {
  const result = await runNode(project, ["--input-type=module", "--eval", listing]);
  const names = parse(result.stdout);
  if (result.exitCode === 0 && Array.isArray(names)) return names.map(String).sort();
  return new Error(complaint(result, project.folder));
}

interface NodeResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runNode(
  { folder, home, isOurs, signal }: ProjectFolder,
  args: readonly string[],
): Promise<NodeResult> {
  const {
    exitCode,
    stdout,
    stderr,
    signal: killedBy,
    shortMessage,
  } = await execa(process.execPath, args, {
    cwd: folder,
    env: cleanEnvironment(home, isOurs),
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    cancelSignal: signal,
    // Of a plan of some thousand nodes; a runaway process shall not take the machine's memory.
    maxBuffer: 500_000_000,
  });
  signal.throwIfAborted();
  const reason = exitCode === undefined ? `\n${killedBy ? `it was ended by ${killedBy}` : shortMessage}` : "";
  return { exitCode: exitCode ?? -1, stdout, stderr: `${stderr}${reason}` };
}

/** What a plan needs and nothing more: no token, no backend, no password of the person or the CI is in it. */
function cleanEnvironment(home: string, withCache: boolean): Record<string, string> {
  const passed = ["PATH", "LANG", "TMPDIR", ...(withCache ? ["NODE_COMPILE_CACHE"] : [])];
  const known = passed.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(known), HOME: home, NO_COLOR: "1" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
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
