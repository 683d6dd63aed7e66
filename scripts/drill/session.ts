import { availableParallelism, loadavg } from "node:os";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { Progress, Update } from "../toolchain/progress.ts";
import { compare } from "./agree.ts";
import { check } from "./check.ts";
import { DrillCluster } from "./context.ts";
import type { Drill } from "./drill.ts";
import type { FaultKind } from "./faults/spec.ts";
import type { DrillPlatform, LoadMachine } from "./platform.ts";
import { type DrillReport, overall, type Report, reportSchema } from "./report/document.ts";
import { renderTimeline } from "./report/svg.ts";
import { runDrill } from "./run.ts";
import { reasonNotToRun } from "./runnable.ts";
import { type Fitted, fitted } from "./times.ts";
import { lateFrom, type Verdict, verdict } from "./verdict.ts";

const mostDots = 60_000;
/** How often a drill is run at most. What the last run says is the verdict, whatever it is. */
const attempts = 3;

export interface SessionArgs {
  readonly platform: DrillPlatform;
  /** Kinds of faults that can be made there. */
  readonly faults: ReadonlySet<FaultKind>;
  readonly stack: string;
  readonly plan: ClusterPlan;
  readonly drills: readonly Drill[];
  readonly rate?: number | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface SessionResult {
  readonly report: Report;
  /** The picture of each drill that ran. */
  readonly timelines: ReadonlyMap<string, string>;
}

/** Runs drills one after the other, each on a whole cluster. */
export async function runSession(args: SessionArgs): Promise<SessionResult> {
  const { platform, stack, plan, drills } = args;
  const cluster = new DrillCluster(platform, stack, plan);
  const started = new Date();
  const timelines = new Map<string, string>();
  const reports: DrillReport[] = [];
  const load = await platform.load();
  try {
    for (const drill of drills) reports.push(await one(args, cluster, load, drill, timelines));
  } finally {
    await load.remove();
  }
  const report: Report = {
    schema: reportSchema,
    stack,
    cluster: plan.cluster,
    startedAt: started.toISOString(),
    seconds: (Date.now() - started.getTime()) / 1000,
    machine: { cores: availableParallelism(), loadAverage: loadavg()[0] ?? 0, engine: platform.engine },
    verdict: overall(reports),
    drills: reports,
  };
  return { report, timelines };
}

async function one(
  { plan, faults, progress, signal, rate: wanted }: SessionArgs,
  cluster: DrillCluster,
  load: LoadMachine,
  drill: Drill,
  timelines: Map<string, string>,
): Promise<DrillReport> {
  const { id, title } = drill;
  const known = fitted(drill, plan, cluster.pool, wanted);
  const reason = reasonNotToRun(drill, plan, { pool: cluster.pool, fitted: known, faults });
  const begun = Date.now();
  const basis = known === null ? null : known.facts.basis;
  const none = { id, title, rate: null, basis, seconds: 0, figures: null, compared: [] };
  if (known === null || reason !== null)
    return { ...none, verdict: { kind: "not run", reason: reason ?? "" } };
  const fit: Fitted = known;
  try {
    let report = await progress.task(id, measured);
    // A series is long and tells by itself which of its rounds were disturbed.
    const most = drill.rounds === undefined ? attempts : 1;
    for (let again = 1; again < most && tooBusy(report); again++) {
      progress.note(`${id}: the machine was too busy to measure; once more`);
      report = await progress.task(id, measured);
    }
    return report;
  } catch (error) {
    if (signal.aborted) throw error;
    return { ...none, seconds: (Date.now() - begun) / 1000, verdict: broken(error as Error) };
  }

  async function measured(update: Update): Promise<DrillReport> {
    const recording = await runDrill({ cluster, load, fitted: fit, update, signal });
    const balancers = cluster.holders.map(({ key }) => key);
    const standbys = cluster.nodes("hot").map(({ key }) => key);
    const cold = cluster.nodes("cold").map(({ key }) => key);
    const figures = check(recording, { balancers, standbys, cold, shortestWait: fit.facts.shortestWait });
    const judged = verdict(figures, fit.limits);
    const text = { title, verdict: judged.kind, balancers };
    // A picture of hours would be megabytes of dots on top of each other.
    if (recording.operations.length <= mostDots) timelines.set(id, renderTimeline(recording, figures, text));
    update(judged.kind);
    // A forecast of one fault says how long a round of a series takes, and not what all of them cost.
    const isItself = basis === id || drill.fault.kind === "cut";
    const compared = isItself ? compare(fit.facts.forecast, figures) : [];
    const seconds = (Date.now() - begun) / 1000;
    return { id, title, verdict: judged, rate: fit.rate, basis, seconds, figures, compared };
  }
}

/** Whether a drill failed while the generator itself could not keep its schedule: then nobody knows whose fault it was. */
function tooBusy({ verdict: { kind }, figures }: DrillReport): boolean {
  return kind === "failed" && figures !== null && figures.lateP99 > lateFrom;
}

/** A drill that broke off has shown nothing, so it has not passed. */
function broken({ message }: Error): Verdict {
  return { kind: "failed", checked: [], doubts: [`the drill broke off: ${message}`] };
}
