import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "node:v8";
import { type PlanDocument, readPlanDocument } from "../../components/review/document.ts";
import { maskText } from "../../components/review/masks.ts";
import { answerVariable, trackedVariable } from "../../infra/handed-over.ts";
import { noAnswer, stackDeadline } from "../../infra/stack-source.ts";
import { withheldIn } from "../../infra/withheld.ts";
import { exitCodes } from "../exit.ts";
import { visible } from "../visible.ts";
import { type Confined, type RunResult, runConfined } from "./confine/run.ts";

/*
 * A revision's stacks are planned by that revision's own code, in a process of its own: so a change of the kit shows in what
 * it makes of the same stack.
 */

/** The project's folder at one revision, with its dependencies. */
export interface ProjectFolder extends Confined {
  /** Null for this checkout itself. */
  readonly commit: string | null;
  /** Where it is read from what is handed over to its code; null where that finds it out by itself, since it is of an older kit. */
  readonly handed: { readonly folder: string; readonly tracked: string } | null;
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
  const args = ["scripts/cli.ts", "plan", "--json", "--owner", owner, "--", stack];
  const env = project.handed === null ? {} : await handOver(project, project.handed, stack);
  const result = await runConfined(project, args, { deadline: planDeadline, most: mostOfPlan, env });
  const printed = parse(result.stdout);
  if (result.exitCode === 0) {
    try {
      const document = readPlanDocument(printed);
      return { kind: "planned", document, withheld: withheldIn(result.stderr) };
    } catch (error) {
      return { kind: "failed", message: visible(maskText((error as Error).message)) };
    }
  }
  const told = (printed as { error?: { message?: unknown } } | null)?.error?.message;
  const message =
    typeof told === "string"
      ? visible(maskText(told.replaceAll(join(project.folder, "/"), "")))
      : complaint(result, project.folder);
  if (result.exitCode === exitCodes.nothingThere) return { kind: "absent", message };
  const older =
    result.exitCode === exitCodes.usage ? "its `plan` does not know what a review asks for: " : "";
  return { kind: "failed", message: `${older}${message}${withheldNote(withheldIn(result.stderr))}` };
}

/** How long a plan may take, in milliseconds; that of some thousand nodes takes seconds. */
const planDeadline = 180_000;
/** Bytes of a plan; one of some thousand nodes has a tenth of it. A runaway process shall not take the machine's memory. */
const mostOfPlan = 300_000_000;
const mostOfStack = 100_000_000;

/**
 * Runs a stack's file, and keeps what it gives for the process that plans it. It isn't read here: what a stranger's code has
 * written goes back to that stranger's code.
 */
async function handOver(
  project: ProjectFolder,
  { folder, tracked }: NonNullable<ProjectFolder["handed"]>,
  stack: string,
): Promise<Record<string, string>> {
  const options = { deadline: stackDeadline, most: mostOfStack, answers: true };
  const { answer, timedOut, exitCode, how } = await runConfined(
    project,
    ["infra/stack-reader.ts", stack],
    options,
  );
  const file = join(folder, `${stack}.answer`);
  const index = join(project.folder, "stacks/index.ts");
  const none = () => serialize(noAnswer(stack, { timedOut, status: exitCode, how }, { index }));
  writeFileSync(file, answer.length > 0 ? answer : none());
  return { [answerVariable]: file, [trackedVariable]: tracked };
}

/** A variable that isn't there is often why a stack can't be loaded. */
function withheldNote(names: readonly string[]): string {
  if (names.length === 0) return "";
  return `\n(it reads ${names.map((name) => `"${name}"`).join(", ")} from the environment, which a review withholds)`;
}

const identifying = `
const { writeSync } = await import("node:fs");
const { stackId } = await import("./infra/stack-source.ts");
writeSync(1, "\\n" + JSON.stringify(stackId(process.argv[1])) + "\\n");
process.exit(0);`;

/** What a revision knows a stack by that a person names; the word itself where it can't tell. */
export async function idOf(project: ProjectFolder, word: string): Promise<string> {
  if (project.handed === null) return word;
  const env = await handOver(project, project.handed, word);
  const args = ["--input-type=module", "--eval", identifying, "--", word];
  const result = await runConfined(project, args, { deadline: stackDeadline, most: mostOfStack, env });
  const id = parse(result.stdout.trim().split("\n").at(-1) ?? "");
  return typeof id === "string" && /^[\w.-]{1,100}$/.test(id) ? id : word;
}

/** Asked of stacks/index.ts itself, which every revision has; the commands of an older one may not be able to tell. */
const listing = `
const { writeSync } = await import("node:fs");
const { stacks } = await import("./stacks/index.ts");
const ids = Object.entries(stacks).map(([name, entry]) => (typeof entry?.load === "function" ? entry.id : name));
writeSync(1, "\\n" + JSON.stringify(ids) + "\\n");
process.exit(0);`;

/** Ids of a revision's stacks, which are their names where they have none; or why they can't be told. */
export async function stacksOf(project: ProjectFolder): Promise<readonly string[] | Error> {
  const args = ["--input-type=module", "--eval", listing];
  const result = await runConfined(project, args, { deadline: stackDeadline, most: mostOfStack });
  // The last line: an older revision's stack files may print as well.
  const names = parse(result.stdout.trim().split("\n").at(-1) ?? "");
  if (result.exitCode === 0 && Array.isArray(names)) {
    // Files are called by them.
    const odd = names.map(String).find((name) => !/^\w[\w.-]{0,99}$/.test(name));
    return odd === undefined
      ? names.map(String).sort()
      : new Error(`stacks/index.ts: ${JSON.stringify(maskText(odd))} is no name for a stack`);
  }
  return new Error(complaint(result, project.folder));
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
function complaint({ exitCode, how, stdout, stderr }: RunResult, folder: string): string {
  const told = exitCode === null ? `${stderr}\n${how}` : stderr;
  const lines = visible(maskText(told.trim() || stdout.trim()))
    .replaceAll(`file://${folder}/`, "")
    .replaceAll(join(folder, "/"), "")
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^\s+at |^Node\.js v/.test(line));
  return lines.length === 0 ? `it ended with ${how} and no word` : lines.slice(0, 20).join("\n");
}
