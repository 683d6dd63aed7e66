import type { Command } from "commander";
import type { Verdict } from "../../components/review/types.ts";
import { isAtLeast, verdicts, worstOf } from "../../components/review/verdict.ts";
import { exitCodes, UserError } from "../exit.ts";
import { destinationOf, formatsOf, usualFormat, writeReviews } from "../review/output.ts";
import { reviewStacks } from "../review/run.ts";
import { saving } from "../review/saved/save.ts";
import { currentOwner, defaultStack } from "../stacks.ts";
import { Progress } from "../toolchain/progress.ts";

interface ReviewOptions {
  base?: string;
  head?: string;
  all?: boolean;
  format?: string;
  markdown?: boolean;
  out?: string;
  preview?: boolean;
  drift?: boolean;
  save?: string;
  failOn: string;
}

/** How the command ends for each verdict. */
const verdictCodes: Readonly<Record<Verdict, number>> = {
  unchanged: exitCodes.ok,
  changed: exitCodes.reviewChanged,
  destructive: exitCodes.reviewDestructive,
  drift: exitCodes.reviewDrift,
  violated: exitCodes.reviewViolated,
  failed: exitCodes.failed,
};

const help = `
The worst of all stacks' verdicts is the exit code:
   0  unchanged
  10  changed
  11  destructive: something is deleted or replaced
  12  drift: what runs is not what the state says
  13  violated: a danger that the stack does not acknowledge
   1  failed: something could not be looked at
--fail-on violated ends with 0 for all that is milder than violated.

Compared is with the commit where the head left the base, so what others added
to the base since is no part of it.`;

export function registerReview(program: Command): void {
  program
    .command("review")
    .description(
      "Tell what a change does to the service: compares a stack's plan with that of another git revision. Needs no engine, no Docker, no state.",
    )
    .argument("[stacks...]", `names in stacks/index.ts (default: ${defaultStack})`)
    .option("--base <ref>", "what to compare with (default: origin's main branch, else main)")
    .option("--head <ref>", "what is reviewed (default: the working tree as it is)")
    .option("--all", "every stack that either side has")
    .option(
      "--format <formats>",
      "terminal, markdown, html, json; several separated by commas (default: terminal at one, else markdown)",
    )
    .option("--markdown", "the comment of a pull request, also at a terminal: --format markdown")
    .option("--out <path>", "a file, or a folder for several stacks or formats (default: stdout)")
    .option("--preview", "ask the engine as well what it would do; needs what `up` needs, changes nothing")
    .option("--drift", "look for what runs but isn't as the state says; implies --preview")
    .option("--save <file>", "store what was reviewed, for `up --plan`; implies --preview")
    .option(
      "--fail-on <verdict>",
      "the mildest verdict that ends with its own exit code and not with 0",
      "changed",
    )
    .addHelpText("after", help)
    .action(review);
}

async function review(names: string[], options: ReviewOptions): Promise<void> {
  const limit = limitOf(options.failOn);
  const formats = options.markdown
    ? formatsOf("markdown")
    : options.format === undefined
      ? [usualFormat(options.out)]
      : formatsOf(options.format);
  const stacks = options.all ? null : names.length > 0 ? names : [defaultStack];
  checkCombination(names, options);
  const destination = await destinationOf(options.out, formats, stacks?.length !== 1);
  const engine = asksEngine(options) ? { drift: options.drift === true } : null;
  const progress = new Progress();
  const work = () =>
    reviewStacks(
      {
        stacks,
        base: options.base ?? null,
        head: options.head ?? null,
        owner: engine === null ? anybody : currentOwner(),
        engine,
      },
      progress,
    );
  const reviewed =
    options.save === undefined ? await work() : await saving(options.save, stacks?.[0] ?? "", progress, work);
  const reviews = reviewed.map(({ review }) => review);
  const files = await writeReviews(reviews, formats, destination);
  if (files.length > 0) process.stderr.write(`Written: ${files.join(", ")}\n`);
  const verdict = worstOf(reviews.map((one) => one.verdict));
  process.exitCode = isAtLeast(verdict, limit) ? verdictCodes[verdict] : exitCodes.ok;
}

const asksEngine = ({ preview, drift, save }: ReviewOptions) => Boolean(preview || drift || save);

/** @throws UserError for options that exclude each other */
function checkCombination(names: readonly string[], options: ReviewOptions): void {
  if (options.all && names.length > 0)
    throw new UserError("name stacks or say --all, not both", exitCodes.usage);
  if (options.save !== undefined && (options.all || names.length > 1))
    throw new UserError("--save stores the plan of one stack; name one", exitCodes.usage);
  if (options.markdown && options.format !== undefined)
    throw new UserError("say --markdown or --format, not both", exitCodes.usage);
  if (asksEngine(options) && options.head !== undefined) {
    throw new UserError(
      `the engine can only be asked about the working tree, whose state it knows; check "${options.head}" out and leave --head away`,
      exitCodes.usage,
    );
  }
}

/**
 * Stands for an owner: names, and addresses and ports that are derived, depend on whose cluster it is, and a report shall be the
 * same whoever makes it.
 */
const anybody = "00000000";

function limitOf(text: string): Verdict {
  const [, ...limits] = verdicts;
  const limit = limits.find((verdict) => verdict === text);
  if (limit !== undefined) return limit;
  throw new UserError(`--fail-on: "${text}" is none of [${limits.join(", ")}]`, exitCodes.usage);
}
