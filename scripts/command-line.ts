import { Command } from "commander";
import { exitCodes, exitMeanings } from "./exit.ts";

type Register = (program: Command) => void;

/** The verbs, in the order of the help. Each is loaded when it is asked for: all of them together take longer than most need to run. */
export const verbs: Readonly<Record<string, () => Promise<Register>>> = {
  new: async () => (await import("./verbs/new.ts")).registerNew,
  up: async () => (await import("./verbs/up.ts")).registerUp,
  down: async () => (await import("./verbs/down.ts")).registerDown,
  rollback: async () => (await import("./verbs/rollback.ts")).registerRollback,
  plan: async () => (await import("./verbs/plan.ts")).registerPlan,
  secret: async () => (await import("./verbs/secret.ts")).registerSecret,
  review: async () => (await import("./verbs/review.ts")).registerReview,
  status: async () => (await import("./verbs/status.ts")).registerStatus,
  cordon: async () => (await import("./verbs/nodes.ts")).registerCordon,
  drain: async () => (await import("./verbs/nodes.ts")).registerDrain,
  restore: async () => (await import("./verbs/nodes.ts")).registerRestore,
  maintenance: async () => (await import("./verbs/maintenance.ts")).registerMaintenance,
  lock: async () => (await import("./verbs/lock.ts")).registerLock,
  unlock: async () => (await import("./verbs/lock.ts")).registerUnlock,
  logs: async () => (await import("./verbs/logs.ts")).registerLogs,
  live: async () => (await import("./verbs/live.ts")).registerLive,
  events: async () => (await import("./verbs/events.ts")).registerEvents,
  volume: async () => (await import("./verbs/volume.ts")).registerVolume,
  accessory: async () => (await import("./verbs/accessory.ts")).registerAccessory,
  exec: async () => (await import("./verbs/tasks.ts")).registerExec,
  run: async () => (await import("./verbs/tasks.ts")).registerRun,
  history: async () => (await import("./verbs/history.ts")).registerHistory,
  inventory: async () => (await import("./verbs/inventory.ts")).registerInventory,
  drill: async () => (await import("./verbs/drill.ts")).registerDrill,
  pack: async () => (await import("./verbs/pack.ts")).registerPack,
  ephemeral: async () => (await import("./verbs/ephemeral.ts")).registerEphemeral,
  bench: async () => (await import("./verbs/bench.ts")).registerBench,
  soak: async () => (await import("./verbs/soak.ts")).registerSoak,
  comment: async () => (await import("./verbs/comment.ts")).registerComment,
  doctor: async () => (await import("./verbs/doctor.ts")).registerDoctor,
  pulumi: async () => (await import("./verbs/pulumi.ts")).registerPulumi,
  lab: async () => (await import("./verbs/lab.ts")).registerLab,
  images: async () => (await import("./verbs/images.ts")).registerImages,
  pins: async () => (await import("./verbs/pins.ts")).registerPins,
  test: async () => (await import("./verbs/test.ts")).registerTest,
  lint: async () => (await import("./verbs/lint.ts")).registerLint,
  completion: async () => (await import("./verbs/completion.ts")).registerCompletion,
  version: async () => (await import("./verbs/version.ts")).registerVersion,
};

/** The one verb that is about all the others. */
const aboutAll = "completion";

/** Columns that a help text takes: those of the narrowest usual terminal. Held by a test. */
export const helpWidth = 80;

/** In the help of the whole alone: each verb's would be the longer by it, and say nothing of the verb. */
const exitHelp = [
  "",
  "Exit codes:",
  ...Object.entries(exitMeanings).map(
    ([name, meaning]) => `  ${String(exitCodes[name as keyof typeof exitCodes]).padStart(3)}  ${meaning}`,
  ),
].join("\n");

/** `[stack] [machines...]`. Commander's own term says `[options]` in each line as well, which leaves the descriptions half the width. */
const argumentsOf = (verb: Command): string =>
  verb.registeredArguments
    .map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    })
    .join(" ");

/** The command line with the verb that is called, or with all of them for help and for a name that there isn't. */
export async function commandLine(called: string | undefined): Promise<Command> {
  const program = new Command("./hotspare")
    .description("Server clusters that stay up: typed stacks, a real `pulumi up`, standbys that take over.")
    .usage("<verb> [stack] [options]")
    // Shown in the help; the call itself is turned into the verb `version`, which looks at more than a file.
    .option("-V, --version", "versions of the kit, of Node and of Pulumi")
    .configureHelp({ helpWidth, subcommandTerm: (verb) => `${verb.name()} ${argumentsOf(verb)}`.trimEnd() })
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText("after", exitHelp)
    .exitOverride();
  const alone = called !== undefined && Object.hasOwn(verbs, called) && called !== aboutAll;
  const names = alone ? [called] : Object.keys(verbs);
  for (const register of await Promise.all(names.map((name) => verbs[name]?.()))) register?.(program);
  for (const verb of program.commands)
    verb.exitOverride().addHelpText("after", "\nExit codes are listed by `./hotspare --help`.");
  program.hook("preAction", async (_, verb) => {
    const at = verb.registeredArguments.findIndex((argument) => /^stacks?$/.test(argument.name()));
    // A review runs stack files only where they are held back, and asks there.
    if (at < 0 || verb.name() === "review") return;
    // People name a stack as they call it; Pulumi and the labels know it by its id.
    const { stackId } = await import("../infra/stack-source.ts");
    const said: unknown = verb.processedArgs[at];
    if (typeof said === "string") verb.processedArgs[at] = stackId(said);
    else if (Array.isArray(said)) verb.processedArgs[at] = said.map((word) => stackId(String(word)));
  });
  return program;
}
