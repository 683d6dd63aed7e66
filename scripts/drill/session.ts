import { availableParallelism, loadavg } from "node:os";
import type Docker from "dockerode";
import { forecast } from "../../components/plan/forecast.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { Progress, Update } from "../toolchain/progress.ts";
import { unable } from "./able.ts";
import { compare } from "./agree.ts";
import { type Drill, usualRate } from "./catalog.ts";
import { check } from "./check.ts";
import { DrillCluster } from "./context.ts";
import { LoadContainer } from "./load.ts";
import { type DrillReport, overall, type Report, reportSchema } from "./report/document.ts";
import { renderTimeline } from "./report/svg.ts";
import { runDrill } from "./run.ts";
import { forecastLoad } from "./streams.ts";
import { lateFrom, type Verdict, verdict } from "./verdict.ts";

const mostDots = 60_000;
/** How often a drill is run at most. What the last run says is the verdict, whatever it is. */
const attempts = 3;

export interface SessionArgs {
  readonly docker: Docker;
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
  const { docker, stack, plan, drills } = args;
  const cluster = new DrillCluster(docker, stack, plan);
  const started = new Date();
  const timelines = new Map<string, string>();
  const reports: DrillReport[] = [];
  const load = await LoadContainer.start(cluster);
  try {
    for (const drill of drills) reports.push(await one(args, cluster, load, drill, timelines));
  } finally {
    await load.remove();
  }
  const { Version } = await docker.version();
  const report: Report = {
    schema: reportSchema,
    stack,
    cluster: plan.cluster,
    startedAt: started.toISOString(),
    seconds: (Date.now() - started.getTime()) / 1000,
    machine: { cores: availableParallelism(), loadAverage: loadavg()[0] ?? 0, docker: Version },
    verdict: overall(reports),
    drills: reports,
  };
  return { report, timelines };
}

async function one(
  { plan, progress, signal, rate: wanted }: SessionArgs,
  cluster: DrillCluster,
  load: LoadContainer,
  drill: Drill,
  timelines: Map<string, string>,
): Promise<DrillReport> {
  const { id, title } = drill;
  const reason = unable(drill, plan, cluster.pool);
  const begun = Date.now();
  const none = { id, title, rate: null, seconds: 0, figures: null, compared: [] };
  if (reason !== null) return { ...none, verdict: { kind: "not run", reason } };
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
    const recording = await runDrill({ cluster, load, drill, rate: wanted, update, signal });
    const balancers = plan.balancers.map(({ key }) => key);
    const standbys = cluster.nodes("hot").map(({ key }) => key);
    const cold = cluster.nodes("cold").map(({ key }) => key);
    const figures = check(recording, { balancers, standbys, cold });
    const judged = verdict(figures, drill.limits);
    const text = { title, verdict: judged.kind, balancers };
    // A picture of hours would be megabytes of dots on top of each other.
    if (recording.operations.length <= mostDots) timelines.set(id, renderTimeline(recording, figures, text));
    update(judged.kind);
    const rate = wanted ?? drill.rate ?? usualRate;
    const forecasts = forecast(plan, forecastLoad(plan, cluster.pool, rate, drill.hold));
    const said = forecasts.find((candidate) => candidate.id === id);
    const compared = said === undefined ? [] : compare(said, figures);
    return { id, title, verdict: judged, rate, seconds: (Date.now() - begun) / 1000, figures, compared };
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
