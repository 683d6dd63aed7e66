import { join } from "node:path";
import type { Command } from "commander";
import { projectRoot } from "../../infra/context.ts";
import { catalog } from "../drill/catalog.ts";
import type { Drill } from "../drill/drill.ts";
import type { Report } from "../drill/report/document.ts";
import { renderTerminal } from "../drill/report/terminal.ts";
import { writeReport } from "../drill/report/write.ts";
import { reasonNotToRun } from "../drill/runnable.ts";
import type { SessionArgs, SessionResult } from "../drill/session.ts";
import { drilledPool } from "../drill/streams.ts";
import { fitted } from "../drill/times.ts";
import { withSignals } from "../engine/interrupt.ts";
import { exitCodes, UserError } from "../exit.ts";
import { platformOfKnown } from "../platforms/select.ts";
import { defaultStack, planOf } from "../stacks.ts";
import { printJson, say } from "../terminal.ts";
import { table } from "../text.ts";
import { Progress } from "../toolchain/progress.ts";

interface DrillOptions {
  only?: string[];
  json?: boolean;
  list?: boolean;
  out?: string;
  rate?: string;
}

const list = (value: string, before: string[] = []) => [...before, ...value.split(",").filter(Boolean)];

export function registerDrill(program: Command): void {
  program
    .command("drill")
    .description("Break things on purpose under load, measure, judge, and leave the cluster whole.")
    .argument("[stack]", "name in stacks/index.ts", defaultStack)
    .option("--only <kinds>", "only these drills, separated by commas; --list names them", list)
    .option("--list", "list the drills with their limits and run nothing")
    .option("--rate <requests>", "requests a second, instead of each drill's own")
    .option("--out <folder>", "where the report goes (default: .hotspare/drills/<stack>)")
    .option("--json", "print the report as one JSON document")
    .action(drill);
}

async function drill(stack: string, options: DrillOptions): Promise<void> {
  if (options.list) return listDrills(stack, options.json === true);
  const drills = chosen(options.only);
  const rate = rateOf(options.rate);
  const result = await runDrills(stack, { drills, rate, progress: new Progress() });
  const folder = options.out ?? join(projectRoot, ".hotspare", "drills", stack);
  await writeReport(folder, result.report, result.timelines);
  if (options.json) printJson(result.report);
  else say(`\n${renderTerminal(result.report)}\n\nReport with pictures: ${join(folder, "report.md")}`);
  if (result.report.verdict === "failed") process.exitCode = exitCodes.failed;
  // Who asks for a drill by name wants to know what it shows, and one that did not run has shown nothing.
  else if (options.only !== undefined) mustHaveRun(result.report);
}

/** @throws UserError that names each drill that did not run, and why */
export function mustHaveRun({ drills }: Pick<Report, "drills">): void {
  const idle = drills.flatMap(({ id, verdict }) =>
    verdict.kind === "not run" ? [`${id} did not run: ${verdict.reason}`] : [],
  );
  if (idle.length > 0) throw new UserError(idle.join("\n"));
}

/** Runs drills on a cluster that is whole, so that Ctrl-C heals. */
export async function runDrills(
  stack: string,
  { drills, rate, progress }: Pick<SessionArgs, "drills" | "rate" | "progress">,
): Promise<SessionResult> {
  const prepared = await platformOfKnown(stack).drills({ stack, progress }, drills);
  return withInterrupt((signal) => prepared.run({ drills, rate, signal }));
}

function chosen(only: readonly string[] | undefined): readonly Drill[] {
  if (only === undefined) return catalog.filter(({ onlyNamed }) => onlyNamed !== true);
  const unknown = only.filter((id) => !catalog.some((known) => known.id === id));
  if (unknown.length > 0) {
    const ids = catalog.map(({ id }) => id).join(", ");
    throw new UserError(
      `--only: there is no drill ${unknown.join(", ")}; there are [${ids}]`,
      exitCodes.usage,
    );
  }
  return catalog.filter(({ id }) => only.includes(id));
}

function rateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rate = Number(text);
  if (Number.isInteger(rate) && rate >= 10 && rate <= 2000) return rate;
  throw new UserError(`--rate: "${text}" is not a whole number from 10 to 2000`, exitCodes.usage);
}

/** Ctrl-C ends a drill in an orderly way: what was broken is healed first. */
async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = () => {
    if (!controller.signal.aborted) process.stderr.write("\nStopping: healing what is broken first.\n");
    controller.abort();
  };
  try {
    return await withSignals(onSignal, () => work(controller.signal));
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new UserError("interrupted; what the drill broke is healed", exitCodes.interrupted);
  }
}

/** With their limits on the stack as it is written, which needs nothing that runs. */
function listDrills(stack: string, json: boolean): void {
  if (json) {
    const plan = planOf(stack);
    const pool = drilledPool(plan);
    const { faults } = platformOfKnown(stack);
    printJson(
      catalog.map((drill) => {
        const fit = fitted(drill, plan, pool);
        const notRun = reasonNotToRun(drill, plan, { pool, fitted: fit, faults });
        const { limits = [], times = null, facts = null } = fit ?? {};
        return { ...drill, basis: facts?.basis ?? null, limits, times, notRun };
      }),
    );
    return;
  }
  const note = ({ onlyNamed }: Drill) => (onlyNamed ? "only when named" : "");
  say(table([["drill", "what", ""], ...catalog.map((entry) => [entry.id, entry.title, note(entry)])]));
}
