import { changeFigures } from "./change-figures.ts";
import type { Figures, Holding, Measure, StreamFigures } from "./figures.ts";
import { lostMembers } from "./lost-members.ts";
import { percentile } from "./percentile.ts";
import type { HolderSample, Operation, Recording, Strike } from "./types.ts";

/** What of the cluster the check has to know. */
export interface CheckContext {
  readonly balancers: readonly string[];
  /** Keys of the hot standbys. */
  readonly standbys: readonly string[];
  readonly cold: readonly string[];
  /** Shortest wait that a timer of the fault makes a client bear, in milliseconds. */
  readonly shortestWait: number;
}

/** Requests are judged in pieces of so many milliseconds: short enough to tell when it was over, long enough for a percentile. */
const piece = 200;
/** Part of a piece that must be slow for it to count as ill. One slow request in forty is noise on a shared machine. */
const slowPart = 0.1;
/** A wait above the p99 of before by `slowMargin` is slow, but none below `slowFrom`, unless a timer of the fault is shorter. */
const slowMargin = 50;
const slowFrom = 200;

/** Works everything out from what was recorded. Pure: the same recording gives the same figures. */
export function check(recording: Recording, context: CheckContext): Figures {
  const { operations, strikes } = recording;
  const done = executions(recording);
  const streams = recording.streams.map(({ name }) =>
    streamFigures(
      name,
      operations.filter(({ stream }) => stream === name),
      done,
    ),
  );
  const holdings = holdingsOf(recording.holders, recording.end);
  const gaps = strikes.map((strike, index) =>
    longestGap(recording, strike.from, strike.healFrom ?? strikes[index + 1]?.from ?? recording.end),
  );
  const measures: Record<Measure, number | null> = {
    ...losses(recording, streams, done),
    worst: worstOf(operations.filter(({ due }) => due >= (strikes[0]?.from ?? 0) - 2000)),
    ...times(recording, context),
    ...addressFigures(recording, holdings, gaps, context),
    ...changeFigures(recording),
    replaced: replacedNodes(recording),
    acts: recording.acts.length,
    "members.lost": lostMembers(recording),
    "asked.failed": recording.asked.answers.filter(failed).length,
    dripping: recording.asked.dripping,
    kept: recording.kept.opened,
    "kept.ended": recording.kept.ended.length,
    nodes: new Set(operations.flatMap(({ node }) => (node === null ? [] : [node]))).size,
  };
  return {
    sent: recording.sent,
    streams,
    measures,
    holdings,
    gaps,
    lateP99: percentile(
      operations.map(({ late }) => late),
      0.99,
    ),
    unaccounted: recording.sent - operations.length,
  };
}

const failed = ({ outcome }: Operation) => outcome !== "ok";

/** How often each operation was done. */
function executions({ executions: all }: Recording): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of all) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return counts;
}

function streamFigures(
  stream: string,
  operations: readonly Operation[],
  done: ReadonlyMap<string, number>,
): StreamFigures {
  const outcomes: Record<string, number> = {};
  for (const { outcome } of operations.filter(failed)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const latencies = operations.filter((operation) => !failed(operation)).map(({ latency }) => latency);
  return {
    stream,
    sent: operations.length,
    lost: operations.filter(failed).length,
    failed: outcomes,
    doubled: operations.filter(({ id }) => (done.get(id) ?? 0) > 1).length,
    doneYetFailed: operations.filter((operation) => failed(operation) && done.has(operation.id)).length,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    worst: latencies.reduce((worst, latency) => Math.max(worst, latency), 0),
  };
}

/** `get-new` counts as get: what may be sent twice is told by the first word. */
export function classOf(stream: string): string {
  return stream.split("-")[0] ?? stream;
}

function losses(
  { operations, strikes }: Recording,
  streams: readonly StreamFigures[],
  done: ReadonlyMap<string, number>,
) {
  const lost = (kind: string) =>
    streams.filter(({ stream }) => classOf(stream) === kind).reduce((sum, stream) => sum + stream.lost, 0);
  const posts = operations.filter(({ stream }) => classOf(stream) === "post");
  return {
    "lost.all": operations.filter(failed).length,
    "lost.get": lost("get"),
    "lost.post": lost("post"),
    "lost.idempotent": lost("idempotent"),
    "lost.post.beyondInFlight": posts.filter(
      (post) => failed(post) && !strikes.some((strike) => underWay(post, strike)),
    ).length,
    "doubled.post": posts.filter(({ id }) => (done.get(id) ?? 0) > 1).length,
  };
}

/** Milliseconds after a node's end in which a balancer may still send on a kept connection, its close being unread. */
const unread = 20;

/** Whether an operation was at a node, or being sent there, at some moment while the fault began. */
function underWay({ due, late, latency }: Operation, { from, to }: Strike): boolean {
  return due + late <= to + unread && due + latency >= from;
}

function worstOf(operations: readonly Operation[]): number {
  return operations.reduce(
    (worst, operation) => (failed(operation) ? worst : Math.max(worst, operation.latency)),
    0,
  );
}

/** When the cluster knew and when clients were well again, each the worst of all rounds. */
function times(recording: Recording, { standbys, cold, shortestWait }: CheckContext) {
  const { operations, strikes } = recording;
  const before = operations.filter(({ due, latency }) => due + latency < (strikes[0]?.from ?? 0));
  const normal = percentile(
    before.map(({ latency }) => latency),
    0.99,
  );
  const slow = Math.max(Math.min(slowFrom, shortestWait), normal + slowMargin);
  const rounds = strikes.map((strike, index) => {
    const to = strike.healFrom ?? strikes[index + 1]?.from ?? recording.end;
    const during = operations.filter(({ due, latency }) => due + latency >= strike.from && due < to);
    return {
      detect: detected(recording, strike, to),
      recover: lastIllPiece(during, strike.from, slow),
      failing: during.reduce((last, op) => (failed(op) ? Math.max(last, op.due - strike.from) : last), 0),
      standby: firstAnswer(during, standbys, strike.from),
      cold: firstAnswer(during, cold, strike.from),
    };
  });
  const worst = (figure: "detect" | "recover" | "failing" | "standby" | "cold") => {
    const known = rounds.map((round) => round[figure]).filter((value) => value !== null);
    return known.length === 0 ? null : Math.round(Math.max(...known));
  };
  return {
    detect: worst("detect"),
    recover: worst("recover"),
    failing: worst("failing"),
    standby: worst("standby"),
    cold: worst("cold"),
  };
}

/** How many nodes had two lives: the first part of an execution's `run` is when its node's process started. */
function replacedNodes({ executions: all }: Recording): number {
  const lives = new Map<string, Set<string>>();
  for (const { node, run } of all) {
    const known = lives.get(node) ?? new Set();
    lives.set(node, known.add(run.split("-")[0] ?? ""));
  }
  return [...lives.values()].filter(({ size }) => size > 1).length;
}

/** From the fault to the first moment at which a balancer kept requests from a victim. */
function detected({ members }: Recording, strike: Strike, to: number): number | null {
  const known = members
    .filter(({ key, inRotation, mark, lastChange }) => {
      if (lastChange === null || lastChange < strike.from || lastChange > to) return false;
      return strike.victims.includes(key) && (!inRotation || mark !== null);
    })
    .map(({ lastChange }) => (lastChange ?? 0) - strike.from);
  return known.length === 0 ? null : Math.min(...known);
}

/** From the fault to the end of the last piece in which a request failed or many were slow. */
function lastIllPiece(operations: readonly Operation[], from: number, slow: number): number {
  const pieces = new Map<number, Operation[]>();
  for (const operation of operations) {
    const index = Math.max(0, Math.floor((operation.due - from) / piece));
    pieces.set(index, [...(pieces.get(index) ?? []), operation]);
  }
  const ill = [...pieces].filter(
    ([, inside]) =>
      inside.some(failed) || inside.filter(({ latency }) => latency > slow).length > inside.length * slowPart,
  );
  return ill.length === 0 ? 0 : (Math.max(...ill.map(([index]) => index)) + 1) * piece;
}

function firstAnswer(
  operations: readonly Operation[],
  nodes: readonly string[],
  from: number,
): number | null {
  const answers = operations.filter(
    (operation) => !failed(operation) && nodes.includes(operation.node ?? ""),
  );
  return answers.length === 0 ? null : Math.min(...answers.map(({ due, latency }) => due + latency - from));
}

function addressFigures(
  recording: Recording,
  holdings: readonly Holding[],
  gaps: readonly number[],
  { balancers }: CheckContext,
) {
  const { strikes, end, probes } = recording;
  const last = strikes.at(-1);
  const healFrom = last?.healFrom ?? null;
  const watched = probes.length > 0;
  const holding = balancers.filter((balancer) =>
    holdings.some((held) => held.balancer === balancer && held.to >= end),
  );
  return {
    gap: watched && gaps.length > 0 ? Math.max(...gaps) : null,
    "gap.p99": watched && gaps.length > 0 ? percentile(gaps, 0.99) : null,
    "gap.heal": watched && healFrom !== null ? longestGap(recording, healFrom, end) : null,
    "holders.after": recording.holders.length === 0 ? null : Math.abs(holding.length - 1),
    split: Math.round(overlaps(holdings).reduce((sum, { from, to }) => sum + to - from, 0)),
    "split.after": healFrom === null ? null : Math.round(splitAfter(holdings, healFrom)),
    moves: holdings.filter(({ balancer }, index) => index > 0 && holdings[index - 1]?.balancer !== balancer)
      .length,
  };
}

/** Longest time in which nobody got an answer: between the answers of two probes, of those around from–to. */
function longestGap({ probes }: Recording, from: number, to: number): number {
  // By when the answer came, not when it was asked for: a packet may wait in a queue for the address to be back.
  const answered = probes
    .flatMap(({ sent, took }) => (took === null ? [] : [sent + took]))
    .sort((a, b) => a - b);
  let longest = 0;
  for (const [index, at] of answered.entries()) {
    const before = answered[index - 1];
    if (before !== undefined && at >= from && before <= to) longest = Math.max(longest, at - before);
  }
  const last = answered.at(-1);
  if (last !== undefined && last < to) longest = Math.max(longest, to - last);
  return Math.round(longest);
}

/** From samples to spans. A balancer that nobody could ask any more has let go; a frozen one has not. */
export function holdingsOf(samples: readonly HolderSample[], end: number): Holding[] {
  const holdings: Holding[] = [];
  for (const balancer of new Set(samples.map((sample) => sample.balancer))) {
    let since: number | null = null;
    const own = samples.filter((sample) => sample.balancer === balancer && sample.at <= end);
    for (const { at, holds } of own.sort((a, b) => a.at - b.at)) {
      if (holds === true) since ??= at;
      else if (since !== null) {
        holdings.push({ balancer, from: since, to: at });
        since = null;
      }
    }
    if (since !== null) holdings.push({ balancer, from: since, to: end });
  }
  return holdings.sort((a, b) => a.from - b.from);
}

/** The times at which two balancers had the address. */
function overlaps(holdings: readonly Holding[]): { readonly from: number; readonly to: number }[] {
  return holdings.flatMap((one) =>
    holdings
      .filter((other) => one.balancer < other.balancer)
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from < to),
  );
}

/** How long after `from` two balancers still had the address. */
function splitAfter(holdings: readonly Holding[], from: number): number {
  return Math.max(from, ...overlaps(holdings).map(({ to }) => to)) - from;
}
