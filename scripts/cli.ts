import { stripVTControlCharacters } from "node:util";
import { CommanderError } from "commander";
import { SpecError } from "../components/model/problem.ts";
import { StackLoadError } from "../infra/stack-source.ts";
import { settle } from "../infra/surroundings/settle.mjs";
import { commandLine } from "./command-line.ts";
import { prepareEngineEnvironment } from "./engine/environment.ts";
import { exitCodes, UserError } from "./exit.ts";
import { NothingRuns } from "./nothing-runs.ts";
import { explained } from "./platforms/elsewhere.ts";
import { systemFailure } from "./system-failure.ts";
import { hasPrintedJson, printJson } from "./terminal.ts";
import { visible } from "./visible.ts";

/** Tells what went wrong, for people on stderr; with `--json` for machines on stdout as well, unless a document is there. Returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const problems = error instanceof SpecError ? error.problems : undefined;
  const code =
    problems || error instanceof StackLoadError
      ? exitCodes.stackProblems
      : error instanceof UserError
        ? error.exitCode
        : exitCodes.failed;
  const message = systemFailure(error) ?? (error instanceof Error ? error.message : String(error));
  const forPeople = [UserError, SpecError, StackLoadError].some((kind) => error instanceof kind);
  const unexpected = !forPeople && process.env.DEBUG;
  const text = unexpected && error instanceof Error ? (error.stack ?? message) : message;
  // It may quote what machines wrote. Of a tool's own colours nothing is left either.
  process.stderr.write(`${visible(stripVTControlCharacters(text))}\n`);
  if (process.argv.includes("--json") && !hasPrintedJson())
    printJson({ error: { exitCode: code, message, ...(problems ? { problems } : {}) } });
  return code;
}

let finished = false;
// A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  finished = true;
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  throw error;
});
/** Node ends with codes of its own, e.g. 13 where a promise never settles; of ours that is a verdict. */
function endWithOurs(code: number): void {
  if (finished) return;
  process.exitCode = exitCodes.failed;
  if (code !== 1)
    process.stderr.write(`hotspare ended in the middle of its work (Node's exit code ${code})\n`);
}
process.on("exit", endWithOurs);

const [called, ...rest] = process.argv.slice(2);
const args = called === "--version" || called === "-V" ? ["version", ...rest] : process.argv.slice(2);
// A second time where the launcher has started us, and then there is nothing left to tell.
const told = settle(process.env, { pulumi: called === "pulumi" ? "the person's" : "ours" });
for (const line of told) process.stderr.write(`hotspare: ${line}\n`);
prepareEngineEnvironment();
// Not in what follows: a verb that can't even be loaded is a defect of ours, and Node's own report has file and line.
const program = await commandLine(args[0]);
try {
  await program.parseAsync(args, { from: "user" });
} catch (error) {
  process.exitCode = report(error instanceof NothingRuns ? await explained(error) : error);
}
finished = true;
