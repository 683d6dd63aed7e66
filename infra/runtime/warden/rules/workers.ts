import { type CronTimes, ticksBetween } from "./due.ts";

/*
 * What is done about programs without clients: those that run all the time, those of which one runs, and those that run at times. Pure. Docker
 * itself starts again what ends; here is what it doesn't do.
 */

export type WorkerConfig =
  | { readonly kind: "worker" | "singleton"; readonly of: string }
  | {
      readonly kind: "scheduled";
      readonly of: string;
      readonly zone: string;
      readonly startWithin: number;
      readonly times: CronTimes;
    };

/** What the engine tells of one. */
export interface WorkerSeen {
  /** The engine's word. */
  readonly state: string;
  readonly unhealthy: boolean;
  /** When it was made, milliseconds since 1970. */
  readonly created: number;
  /** Of its last end; null where it hasn't ended or runs. */
  readonly exitCode: number | null;
  /** Whether something is being done to it just now. */
  readonly busy: boolean;
}

export interface WorkerTimers {
  readonly coldAfter: number;
  readonly restart: { readonly after: number; readonly unhealthyAfter: number; readonly backoff: number };
}

export interface WorkerAction {
  readonly verb: "start" | "stop" | "restart";
  readonly key: string;
  /** Of a scheduled one: when it was due. */
  readonly tick?: number;
}

export interface WorkerEvent {
  readonly event: string;
  readonly why: string;
  readonly node: string;
}

/** What is remembered between two looks. */
export interface WorkersState {
  /** Since when somebody is in trouble, by key, and since when nobody of a name runs. */
  readonly since: Readonly<Record<string, number>>;
  /** When something was done last, by name; of a scheduled one its last start that hasn't succeeded. */
  readonly acted: Readonly<Record<string, number>>;
  /** Who of a singleton ran last, by name: another one comes next. */
  readonly held: Readonly<Record<string, string>>;
  /** Up to when a scheduled one's times were looked at, by key, milliseconds since 1970. */
  readonly until: Readonly<Record<string, number>>;
  /** Scheduled ones of which a run that this warden started isn't over, by key. */
  readonly runs: Readonly<Record<string, number>>;
}

export const freshWorkers: WorkersState = { since: {}, acted: {}, held: {}, until: {}, runs: {} };

export interface WorkersDecision {
  readonly state: WorkersState;
  readonly actions: readonly WorkerAction[];
  readonly events: readonly WorkerEvent[];
}

/** Two clocks: milliseconds that only grow, and milliseconds since 1970. */
export interface Clocks {
  readonly now: number;
  readonly wall: number;
}

/** As far back as a warden that has just come looks for runs that nobody started. */
const farthest = 3_600_000;

type Draft = { -readonly [Name in keyof WorkersState]: Record<string, WorkersState[Name][string]> };

/** @param leased whether somebody changes the cluster: then only what is due is started */
export function decideWorkers(
  before: WorkersState,
  config: Readonly<Record<string, WorkerConfig>>,
  seen: Readonly<Record<string, WorkerSeen>>,
  { timers, leased, ...clocks }: Clocks & { readonly timers: WorkerTimers; readonly leased: boolean },
): WorkersDecision {
  const draft: Draft = {
    since: { ...before.since },
    acted: { ...before.acted },
    held: { ...before.held },
    until: { ...before.until },
    runs: { ...before.runs },
  };
  const actions: WorkerAction[] = [];
  const events: WorkerEvent[] = [];
  const told = { draft, seen, timers, clocks, actions, events };
  const singletons = new Map<string, string[]>();
  for (const [key, worker] of Object.entries(config)) {
    if (worker.kind === "scheduled") scheduled(told, key, worker);
    else if (leased) delete draft.since[key];
    else if (worker.kind === "worker") always(told, key);
    else singletons.set(worker.of, [...(singletons.get(worker.of) ?? []), key]);
  }
  for (const [name, keys] of singletons) oneOf(told, name, keys);
  return { state: draft, actions, events };
}

interface Told {
  readonly draft: Draft;
  readonly seen: Readonly<Record<string, WorkerSeen>>;
  readonly timers: WorkerTimers;
  readonly clocks: Clocks;
  readonly actions: WorkerAction[];
  readonly events: WorkerEvent[];
}

/** Milliseconds that something has been so; 0 at its first look. */
function lasts({ draft, clocks }: Told, what: string): number {
  draft.since[what] ??= clocks.now;
  return clocks.now - draft.since[what];
}

/** Whether enough time has passed since the last action for a name. */
const rested = ({ draft, timers, clocks }: Told, name: string, pause = timers.restart.backoff) =>
  clocks.now - (draft.acted[name] ?? Number.NEGATIVE_INFINITY) >= pause;

function act(told: Told, name: string, action: WorkerAction, event: string, why: string): void {
  told.draft.acted[name] = told.clocks.now;
  told.actions.push(action);
  told.events.push({ event, why, node: action.key });
}

const isOff = (state: string) => state === "exited" || state === "dead" || state === "created";

/** One that runs all the time: Docker doesn't start what was killed by hand, nor what is unhealthy. */
function always(told: Told, key: string): void {
  const { draft, seen, timers } = told;
  const now = seen[key];
  if (now?.busy) return;
  if (now === undefined || (!isOff(now.state) && !now.unhealthy)) {
    delete draft.since[key];
    return;
  }
  const off = isOff(now.state);
  const patience = off ? timers.restart.after : timers.restart.unhealthyAfter;
  if (lasts(told, key) < patience || !rested(told, key)) return;
  act(
    told,
    key,
    { verb: off ? "start" : "restart", key },
    off ? "worker-started" : "worker-restarted",
    off ? "it did not run" : "its own check failed for too long",
  );
}

/** Of a singleton one runs. Who is to start waits until nobody does; the filter sees to it that there are never two. */
function oneOf(told: Told, name: string, keys: readonly string[]): void {
  const { draft, seen, timers } = told;
  if (keys.some((key) => seen[key]?.busy)) return;
  const there = keys.filter((key) => seen[key] !== undefined).sort();
  const running = there.filter((key) => !isOff(seen[key]?.state ?? ""));
  const [holder, ...others] = running;
  if (holder === undefined) {
    startNext(told, name, there);
    return;
  }
  delete draft.since[name];
  draft.held[name] = holder;
  for (const key of others)
    act(told, name, { verb: "stop", key }, "singleton-stopped", `${holder} runs already`);
  const { state, unhealthy } = seen[holder] ?? { state: "", unhealthy: false };
  if (state === "running" && !unhealthy) {
    delete draft.since[holder];
    return;
  }
  const patience = state === "restarting" ? timers.coldAfter : timers.restart.unhealthyAfter;
  if (lasts(told, holder) < patience || !rested(told, name)) return;
  // The next one may start as soon as this one has stopped.
  act(
    told,
    name,
    { verb: "stop", key: holder },
    "singleton-lost",
    unhealthy ? "its own check failed for too long" : `it is ${state}`,
  );
  delete draft.acted[name];
}

function startNext(told: Told, name: string, there: readonly string[]): void {
  const { draft, timers } = told;
  if (there.length === 0 || lasts(told, name) < timers.coldAfter || !rested(told, name)) return;
  const after = there.indexOf(draft.held[name] ?? "");
  const next = there[(after + 1) % there.length] ?? "";
  draft.held[name] = next;
  act(told, name, { verb: "start", key: next }, "singleton-started", "nobody of its name ran");
}

/** One that runs at times: what is due is started once, by whom the engine lets; what was missed is reported. */
function scheduled(told: Told, key: string, worker: Extract<WorkerConfig, { kind: "scheduled" }>): void {
  const { draft, seen, timers, clocks, actions, events } = told;
  const now = seen[key];
  if (now === undefined || now.busy) return;
  const tick = draft.runs[key];
  if (tick !== undefined && now.state === "exited") {
    delete draft.runs[key];
    if (now.exitCode !== null && now.exitCode !== 0)
      events.push({
        event: "run-failed",
        why: `the run of ${new Date(tick).toISOString()} ended with exit code ${now.exitCode}`,
        node: key,
      });
  }
  const from = draft.until[key] ?? Math.max(now.created, clocks.wall - farthest);
  const ticks = ticksBetween(worker.times, worker.zone, Math.max(from, clocks.wall - farthest), clocks.wall);
  const due = ticks.findLast((one) => clocks.wall - one <= worker.startWithin);
  const missed = ticks.filter((one) => one !== due);
  const [first] = missed;
  if (first !== undefined)
    events.push({
      event: "run-missed",
      why: `${missed.length} from ${new Date(first).toISOString()} on: nobody could start them in time`,
      node: key,
    });
  // What is due is so until the engine has said that it was started.
  draft.until[key] = due === undefined ? Math.floor(clocks.wall / 1000) * 1000 : due - 1;
  // One that can't be started is tried again after a pause, some times as long as it may be late; one that was started has no pause.
  if (due === undefined || !rested(told, key, Math.min(timers.restart.backoff, worker.startWithin / 4)))
    return;
  draft.acted[key] = clocks.now;
  actions.push({ verb: "start", key, tick: due });
}
