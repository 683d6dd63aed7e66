import { Command, CommanderError } from "commander";
import { SpecError } from "../components/model/problem.ts";
import { StackLoadError } from "../infra/stack-source.ts";
import { prepareEngineEnvironment } from "./engine/environment.ts";
import { exitCodes, UserError } from "./exit.ts";

const exitHelp = `
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 problems in the stack file, 4 a tool or credentials are missing,
            5 the cluster is degraded, 6 there is no such stack or nothing of it runs, 130 interrupted;
            of a review: 10 changed, 11 destructive, 12 drift, 13 violated; 14 a saved plan is refused.`;

type Register = (program: Command) => void;

/** The verbs, in the order of the help. Each is loaded when it is asked for: all of them together take longer than most need to run. */
const verbs: Readonly<Record<string, () => Promise<Register>>> = {
  up: async () => (await import("./verbs/up.ts")).registerUp,
  down: async () => (await import("./verbs/down.ts")).registerDown,
  rollback: async () => (await import("./verbs/rollback.ts")).registerRollback,
  plan: async () => (await import("./verbs/plan.ts")).registerPlan,
  review: async () => (await import("./verbs/review.ts")).registerReview,
  status: async () => (await import("./verbs/status.ts")).registerStatus,
  logs: async () => (await import("./verbs/logs.ts")).registerLogs,
  events: async () => (await import("./verbs/events.ts")).registerEvents,
  history: async () => (await import("./verbs/history.ts")).registerHistory,
  drill: async () => (await import("./verbs/drill.ts")).registerDrill,
  soak: async () => (await import("./verbs/soak.ts")).registerSoak,
  comment: async () => (await import("./verbs/comment.ts")).registerComment,
  doctor: async () => (await import("./verbs/doctor.ts")).registerDoctor,
  pulumi: async () => (await import("./verbs/pulumi.ts")).registerPulumi,
  images: async () => (await import("./verbs/images.ts")).registerImages,
  test: async () => (await import("./verbs/test.ts")).registerTest,
  lint: async () => (await import("./verbs/lint.ts")).registerLint,
};

/** The command line with the verb that is called, or with all of them for help and for a name that there isn't. */
async function commandLine(called: string | undefined): Promise<Command> {
  const program = new Command("hotspare")
    .description("Server clusters that stay up: typed stacks, a real `pulumi up`, standbys that take over.")
    .usage("<verb> [stack] [options]   (npm run <verb> -- [stack] [options])")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride();
  const names = called !== undefined && Object.hasOwn(verbs, called) ? [called] : Object.keys(verbs);
  for (const register of await Promise.all(names.map((name) => verbs[name]?.()))) register?.(program);
  for (const verb of program.commands) verb.exitOverride().addHelpText("after", exitHelp);
  return program;
}

/** Tells what went wrong, for people on stderr; with `--json` for machines on stdout as well. Returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const problems = error instanceof SpecError ? error.problems : undefined;
  const code =
    problems || error instanceof StackLoadError
      ? exitCodes.stackProblems
      : error instanceof UserError
        ? error.exitCode
        : exitCodes.failed;
  const message = error instanceof Error ? error.message : String(error);
  const forPeople = [UserError, SpecError, StackLoadError].some((kind) => error instanceof kind);
  const unexpected = !forPeople && process.env.DEBUG;
  process.stderr.write(`${unexpected && error instanceof Error ? error.stack : message}\n`);
  if (process.argv.includes("--json")) {
    process.stdout.write(
      `${JSON.stringify({ error: { exitCode: code, message, ...(problems ? { problems } : {}) } }, null, 2)}\n`,
    );
  }
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

prepareEngineEnvironment();
// Not in what follows: a verb that can't even be loaded is a defect of ours, and Node's own report has file and line.
const program = await commandLine(process.argv[2]);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
finished = true;
