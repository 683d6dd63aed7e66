import { Command, CommanderError } from "commander";
import { SpecError } from "../components/model/problem.ts";
import { StackLoadError } from "../infra/stack-source.ts";
import { prepareEngineEnvironment } from "./engine/environment.ts";
import { exitCodes, UserError } from "./exit.ts";
import { registerComment } from "./verbs/comment.ts";
import { registerDoctor } from "./verbs/doctor.ts";
import { registerDown } from "./verbs/down.ts";
import { registerDrill } from "./verbs/drill.ts";
import { registerEvents } from "./verbs/events.ts";
import { registerHistory } from "./verbs/history.ts";
import { registerImages } from "./verbs/images.ts";
import { registerLint } from "./verbs/lint.ts";
import { registerLogs } from "./verbs/logs.ts";
import { registerPlan } from "./verbs/plan.ts";
import { registerPulumi } from "./verbs/pulumi.ts";
import { registerReview } from "./verbs/review.ts";
import { registerRollback } from "./verbs/rollback.ts";
import { registerSoak } from "./verbs/soak.ts";
import { registerStatus } from "./verbs/status.ts";
import { registerTest } from "./verbs/test.ts";
import { registerUp } from "./verbs/up.ts";

const exitHelp = `
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 problems in the stack file, 4 a tool is missing,
            5 the cluster is degraded, 6 there is no such stack or nothing of it runs, 130 interrupted;
            of a review: 10 changed, 11 destructive, 12 drift, 13 violated; 14 a saved plan is refused.`;

/** The commands. Each verb adds itself. */
function commandLine(): Command {
  const program = new Command("hotspare")
    .description("Server clusters that stay up: typed stacks, a real `pulumi up`, standbys that take over.")
    .usage("<verb> [stack] [options]   (npm run <verb> -- [stack] [options])")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride();
  const register = [
    registerUp,
    registerDown,
    registerRollback,
    registerPlan,
    registerReview,
    registerStatus,
    registerLogs,
    registerEvents,
    registerHistory,
    registerDrill,
    registerSoak,
    registerComment,
    registerDoctor,
    registerPulumi,
    registerImages,
    registerTest,
    registerLint,
  ];
  for (const add of register) add(program);
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

// A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  throw error;
});
prepareEngineEnvironment();
try {
  await commandLine().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
