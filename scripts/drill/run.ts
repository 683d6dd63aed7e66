import { setTimeout as sleep } from "node:timers/promises";
import type { Order } from "../../infra/runtime/load/protocol.ts";
import type { ClusterStatus } from "../status/cluster-status.ts";
import { atMost, type DrillCluster } from "./context.ts";
import { entranceOf } from "./entrance.ts";
import { ExecutionWatch } from "./executions.ts";
import type { ClientFault } from "./faults/clients.ts";
import { faultOf } from "./faults/index.ts";
import type { MeasuredFault } from "./faults/members.ts";
import type { Fault } from "./faults/types.ts";
import { type Keeping, keepOpen } from "./kept.ts";
import { LoadRun } from "./load.ts";
import type { LoadMachine } from "./platform.ts";
import { streamsOf } from "./streams.ts";
import type { Fitted } from "./times.ts";
import type { Asked, Change, Kept, Operation, Recording, Strike } from "./types.ts";
import { wardenActs } from "./wardens.ts";
import { BalancerWatch } from "./watch.ts";

export interface RunArgs {
  readonly cluster: DrillCluster;
  readonly load: LoadMachine;
  readonly fitted: Fitted;
  /** Tells what is going on, and counts. */
  readonly update: (detail: string, measure?: string) => void;
  /** Aborted by Ctrl-C: the drill then heals what it broke and ends. */
  readonly signal: AbortSignal;
}

/** Longest wait for a single thing that the platform is asked for. */
const mostPerCall = 60_000;

/** Runs one drill: a whole cluster, load, fault, healing, and a whole cluster again. */
export async function runDrill(args: RunArgs): Promise<Recording> {
  const { cluster, fitted, update, signal } = args;
  const { drill, times } = fitted;
  update("waiting until the cluster is whole");
  await whole(cluster, signal, times.whole);
  const told = { detail: "measuring what is normal" };
  const observed = await observe(args, told);
  const met: Met = { strikes: [], changes: [], asked: { answers: [], dripping: 0 }, kept: nobody };
  try {
    const kept = await keeping(args, drill.keeps ?? 0);
    await sleep(times.lead, undefined, { signal });
    await amid(args, told, async () => {
      for (let round = 0; round < (drill.rounds ?? 1); round++)
        await oneRound(args, observed, round, { met, told });
    });
    met.kept = await atMost(mostPerCall, "the clients that stay", kept.stop());
  } finally {
    await observed.stop();
  }
  update("waiting until the cluster is whole again");
  await whole(cluster, signal, times.whole);
  return observed.recording(met);
}

/** What the faults of a run left to be judged. */
interface Met {
  readonly strikes: Strike[];
  readonly changes: Change[];
  asked: Asked;
  kept: Kept;
}

const nobody: Kept = { opened: 0, ended: [] };

/** Clients that stay, where the drill has some. They end with us, however we go. */
async function keeping({ cluster, load, fitted }: RunArgs, connections: number): Promise<Keeping> {
  if (connections === 0) return { stop: async () => nobody };
  return keepOpen(cluster, load, connections, mostOf(fitted));
}

/** Runs something amid what a drill's surroundings are, where it has any. */
async function amid(
  { cluster, fitted, signal }: RunArgs,
  told: Told,
  work: () => Promise<void>,
): Promise<void> {
  const { amid: surroundings } = fitted.drill;
  if (surroundings === undefined) return work();
  const { loops, lead: before } = surroundings;
  told.detail = `${loops} programs that compute`;
  const burning = await atMost(mostPerCall, "the start of what computes", cluster.platform.burn(loops));
  try {
    await sleep(before, undefined, { signal });
    await work();
  } finally {
    await atMost(mostPerCall, "the end of what computes", burning.remove());
  }
}

async function oneRound(
  args: RunArgs,
  observed: Observed,
  round: number,
  { met, told }: { met: Met; told: Told },
): Promise<void> {
  const { cluster, signal } = args;
  const { drill, times } = args.fitted;
  const many = (drill.rounds ?? 1) > 1;
  const tell = (text: string) => {
    told.detail = many ? `${text} (${round + 1} of ${drill.rounds})` : text;
  };
  // Standbys that help may go on helping: they go back when all has been calm for a while, which between rounds it never is.
  if (round > 0) await whole(cluster, signal, times.whole, { standbysBack: false });
  const holder = observed.holder();
  const fault = faultOf(args.fitted.fault, { cluster, holder, round });
  tell(fault.victims.length === 0 ? "changing" : `broken: ${fault.victims.join(", ")}`);
  let strike: Strike | undefined;
  try {
    strike = await struck(fault, times.strike, signal);
    met.strikes.push(strike);
    await sleep(times.hold, undefined, { signal });
  } finally {
    // Also when Ctrl-C ended the wait, or half of the fault was done when it failed.
    tell("healing");
    if (strike !== undefined) strike.healFrom = Date.now();
    await atMost(times.strike, "the healing", fault.heal());
    if (strike !== undefined) strike.healed = Date.now();
    if ("changes" in fault) met.changes.push(...(fault as MeasuredFault).changes);
    if ("asked" in fault) met.asked = (fault as ClientFault).asked;
  }
  await sleep(times.settle, undefined, { signal });
}

/** Ctrl-C doesn't wait until a long fault is done; its healing ends it. */
async function struck(fault: Fault, most: number, signal: AbortSignal): Promise<Strike> {
  const from = Date.now();
  const striking = atMost(most, "the fault", fault.strike());
  striking.catch(() => undefined);
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([striking, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return { from, to: Date.now(), victims: fault.victims, healFrom: null, healed: null };
}

/** Everything that records, started together. */
interface Observed {
  holder(): string;
  stop(): Promise<void>;
  recording(met: Met): Recording;
}

/** What the progress line says beside its counts. */
interface Told {
  detail: string;
}

async function observe({ cluster, load, fitted, update, signal }: RunArgs, told: Told): Promise<Observed> {
  const { drill, rate, times } = fitted;
  const order: Order = {
    run: `${drill.id}-${Date.now().toString(36)}`,
    ...entranceOf(cluster.plan),
    rate,
    most: mostOf(fitted),
    streams: streamsOf(cluster.plan, cluster.pool),
    patience: times.patience,
    mostInFlight: 10_000,
    // Where the processor is scarce, the instrument takes no more of it than the requests do.
    probeEvery: drill.amid === undefined ? 5 : 50,
  };
  const operations: Operation[] = [];
  let lost = 0;
  const balancers = await BalancerWatch.start(cluster);
  const nodes = new ExecutionWatch(cluster);
  // Whatever fails, they end: else they would watch, and keep this process alive, for ever.
  const unwatch = async () => {
    await balancers.stop();
    return nodes.stop();
  };
  const seen = (operation: Operation) => {
    operations.push(operation);
    if (operation.outcome !== "ok") lost += 1;
  };
  const run = new LoadRun(seen);
  const starting = nodes.start().then(() => run.start(load, order));
  await atMost(mostPerCall, "the start of the load", starting).catch(async (error: unknown) => {
    await unwatch();
    throw error;
  });
  const ticker = setInterval(() => update(told.detail, `${operations.length} requests, ${lost} lost`), 250);
  const ended = { at: 0, executions: [] as Recording["executions"], acts: [] as Recording["acts"] };
  return {
    holder: () => balancers.holder() ?? cluster.holders[0]?.key ?? "",
    async stop() {
      clearInterval(ticker);
      ended.at = Date.now();
      const broken = await atMost(mostPerCall, "the load", run.stop()).catch((error: unknown) => error);
      ended.executions = await unwatch();
      ended.acts = await wardenActs(cluster, run.begin);
      if (broken !== undefined && !signal.aborted) throw broken;
    },
    recording: (met) => ({
      streams: order.streams,
      rate: order.rate,
      begin: run.begin,
      end: ended.at,
      sent: run.sent,
      operations: operations.sort((a, b) => a.due - b.due),
      probes: run.probes,
      executions: ended.executions,
      holders: balancers.holders,
      members: balancers.members,
      acts: ended.acts,
      ...met,
    }),
  };
}

/** Milliseconds after which whoever asks the cluster ends by himself. */
function mostOf(fitted: Fitted): number {
  const { drill, times } = fitted;
  const { amid: surroundings, rounds = 1 } = drill;
  const before = surroundings === undefined ? 0 : surroundings.lead + 2 * mostPerCall;
  return times.lead + before + rounds * (times.whole + lengthOf(fitted));
}

/** Milliseconds that a round may take by itself: the fault where it is a series or an `up`, what it lasts, and what is watched. */
function lengthOf({ fault, times: { hold, settle, strike } }: Fitted): number {
  const series = fault.kind === "change-members" ? fault.changes * (fault.every + 100) : 0;
  const up = fault.kind === "scale" || fault.kind === "roll" ? 2 * strike : 0;
  return series + up + hold + settle;
}

/**
 * Waits until everything is as planned, seen by both balancers.
 *
 * @throws Error that says what is missing.
 */
export async function whole(
  cluster: DrillCluster,
  signal: AbortSignal,
  patience: number,
  { standbysBack } = { standbysBack: true },
): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const { state, findings, machines } = await currentStatus(cluster);
    const missing = machines.filter(({ role, inRotation }) => role === "active" && inRotation !== true);
    // Where wardens put standbys to use, they put them back some time after; a drill begins when all is as it was.
    const helping =
      !standbysBack || cluster.plan.wardens.length === 0
        ? []
        : machines.filter(({ role, promoted, running }) => promoted || (role === "cold" && running));
    if (state === "ok" && missing.length + helping.length === 0) return;
    if (Date.now() > deadline) {
      const why = [
        ...findings,
        ...missing.map(({ key }) => `${key} is not in rotation`),
        ...helping.map(({ key }) => `${key} still stands in for others`),
      ].join("; ");
      throw new Error(`the cluster is not whole after ${patience / 1000} s: ${why}`);
    }
    await sleep(200, undefined, { signal });
  }
}

/** The status, or that there is none: a question to a machine that dies in this moment may never be answered. */
async function currentStatus({
  platform,
}: DrillCluster): Promise<Pick<ClusterStatus, "state" | "findings" | "machines">> {
  const findings = [`${platform.engine} does not answer`];
  const silent = { state: "degraded", findings, machines: [] } as const;
  return Promise.race([platform.status(), sleep(10_000, silent, { ref: false })]);
}
