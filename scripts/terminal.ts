import { createInterface } from "node:readline/promises";
import type { ClusterPlan } from "../components/plan/types.ts";
import { exitCodes, UserError } from "./exit.ts";
import type { Progress } from "./toolchain/progress.ts";
import { visibleJson } from "./visible.ts";

let hasDocument = false;

/** Whether stdout has its document already: what goes wrong after that is said in it, on stderr and by the exit code. */
export const hasPrintedJson = () => hasDocument;

/** Prints a document for machines: one JSON value on stdout, nothing else. */
export function printJson(document: unknown): void {
  hasDocument = true;
  process.stdout.write(`${visibleJson(document, 2)}\n`);
}

/** Prints a line for people. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Asks the person at the terminal; the question goes to stderr, so that stdout stays a program's output.
 *
 * @throws UserError when the person ends the input or presses Ctrl-C
 */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<never>((_, reject) => {
    terminal.once("close", () =>
      reject(new UserError("\nthere was no answer, so nothing was changed", exitCodes.interrupted)),
    );
  });
  try {
    return (await Promise.race([terminal.question(question), closed])).trim();
  } finally {
    terminal.close();
  }
}

/** What a plan warns of, a line each. */
export function noteWarnings(progress: Progress, { warnings }: Pick<ClusterPlan, "warnings">): void {
  for (const { path, message, hint, code } of warnings)
    progress.warn(`${path}: ${message}; ${hint} (${code})`);
}

/** The number in `--tail`. @throws UserError when it is none. */
export function tailOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UserError(`--tail: "${text}" is not a number of lines`, exitCodes.usage);
}
