import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import {
  decideWorkers,
  freshWorkers,
  type WorkerAction,
  type WorkerConfig,
  type WorkerSeen,
  type WorkersState,
  type WorkerTimers,
} from "./rules/workers.ts";
import type { SocketHttp } from "./socket-http.ts";

/** A graceful stop may take as long as the program's own time for it, which the engine knows. */
const longestSwitch = 620_000;

interface Listed {
  readonly Id: string;
  readonly State: string;
  /** In words, with its health and its exit code. */
  readonly Status?: string;
  /** Seconds since 1970. */
  readonly Created?: number;
  readonly Labels: Readonly<Record<string, string>>;
}

export interface WorkersParts {
  readonly config: Readonly<Record<string, WorkerConfig>>;
  readonly timers: WorkerTimers;
  /** To the socket filter. */
  readonly http: Pick<SocketHttp, "ask">;
  readonly log: Pick<Log, "say" | "complain">;
  readonly metrics: Pick<Metrics, "count">;
}

/** Looks after programs without clients, by way of the socket filter, while the balancer beside it holds the virtual address. */
export class Workers {
  readonly #parts: WorkersParts;
  readonly #busy = new Set<string>();
  #state: WorkersState = freshWorkers;

  constructor(parts: WorkersParts) {
    this.#parts = parts;
  }

  /** One look. Never throws: what is wrong is said, at most once a minute, and the next look tries again. */
  async look(
    clocks: { now: number; wall: number },
    stands: { leads: boolean; leased: boolean },
  ): Promise<void> {
    const { config, timers, log, metrics } = this.#parts;
    if (!stands.leads) {
      // Another warden goes on from here, and what it does isn't seen.
      this.#state = freshWorkers;
      return;
    }
    try {
      const { ids, seen } = await this.#seen();
      for (const key of Object.keys(seen))
        await this.#knowLastRun(key, ids[key] ?? "", seen[key]?.created ?? 0);
      const { state, actions, events } = decideWorkers(this.#state, config, seen, {
        ...clocks,
        timers,
        leased: stands.leased,
      });
      this.#state = state;
      for (const { event, why, node } of events) {
        log.say(event, why, { node });
        metrics.count("hotspare_warden_events_total", `event="${event}"`);
      }
      for (const action of actions) void this.#perform(action, ids[action.key] ?? "", clocks.wall);
    } catch (error) {
      metrics.count("hotspare_warden_driver_errors_total");
      log.complain("the workers can't be seen", (error as Error).message, clocks.now);
    }
  }

  async #seen(): Promise<{ ids: Record<string, string>; seen: Record<string, WorkerSeen> }> {
    const { config, http } = this.#parts;
    // What ends while the list is on its way may not have ended in it yet.
    const busy = new Set(this.#busy);
    const { status, body } = await http.ask("GET", "/containers/json?all=1", undefined, 3000);
    if (status !== 200) throw new Error(`the filter answers ${status}: ${body.slice(0, 200).trim()}`);
    const listed = (JSON.parse(body) as Listed[]).flatMap((one): [string, Listed][] => {
      const key = one.Labels["hotspare.key"] ?? "";
      return Object.hasOwn(config, key) ? [[key, one]] : [];
    });
    return {
      ids: Object.fromEntries(listed.map(([key, { Id }]) => [key, Id])),
      seen: Object.fromEntries(
        listed.map(([key, one]) => [key, { ...seenOf(one), busy: busy.has(key) || this.#busy.has(key) }]),
      ),
    };
  }

  /** When a scheduled one ran last is asked of the engine: another warden may have started it. */
  async #knowLastRun(key: string, id: string, created: number): Promise<void> {
    const { config, http } = this.#parts;
    if (config[key]?.kind !== "scheduled" || this.#state.until[key] !== undefined) return;
    const { status, body } = await http.ask("GET", `/containers/${id}/json`, undefined, 3000);
    if (status !== 200) throw new Error(`the filter answers ${status}: ${body.slice(0, 200).trim()}`);
    const started = Date.parse((JSON.parse(body) as { State: { StartedAt: string } }).State.StartedAt);
    const until = { ...this.#state.until, [key]: Math.max(created, Number.isNaN(started) ? 0 : started) };
    this.#state = { ...this.#state, until };
  }

  async #perform({ verb, key, tick }: WorkerAction, id: string, wall: number): Promise<void> {
    const { http, log, metrics } = this.#parts;
    this.#busy.add(key);
    let outcome = "done";
    const begun = performance.now();
    try {
      const path = `/containers/${id}/${verb}${tick === undefined ? "" : `?tick=${tick}`}`;
      const { status, body } = await http.ask("POST", path, undefined, longestSwitch);
      if (status >= 300 && status !== 304 && status !== 409)
        throw new Error(`${status} ${body.slice(0, 300).trim()}`);
      if (status !== 204) outcome = "left";
      if (tick !== undefined) this.#handled(key, tick, status, wall + performance.now() - begun);
      else if (status === 409) log.say(`${verb}-left`, messageOf(body), { node: key });
    } catch (error) {
      outcome = "failed";
      log.say(`${verb}-failed`, (error as Error).message, { node: key });
    }
    metrics.count("hotspare_warden_actions_total", `action="${verb}",outcome="${outcome}"`);
    this.#busy.delete(key);
  }

  /** 304: another warden has started that run. 409: the one before isn't over. */
  #handled(key: string, tick: number, status: number, wall: number): void {
    const { log, metrics } = this.#parts;
    const { until, runs } = this.#state;
    const { [key]: _, ...acted } = this.#state.acted;
    const started = status === 204;
    this.#state = {
      ...this.#state,
      acted,
      until: { ...until, [key]: tick },
      runs: started ? { ...runs, [key]: tick } : runs,
    };
    const due = new Date(tick).toISOString();
    const [event, why] = started
      ? ["run-started", `due at ${due}, ${Math.max(0, Math.round(wall - tick))} ms before`]
      : status === 409
        ? ["run-missed", `due at ${due}, when the one before still ran`]
        : [null, ""];
    if (event === null) return;
    log.say(event, why, { node: key });
    metrics.count("hotspare_warden_events_total", `event="${event}"`);
  }
}

function messageOf(body: string): string {
  try {
    return String((JSON.parse(body) as { message?: unknown }).message);
  } catch {
    return body.slice(0, 200);
  }
}

function seenOf({ State, Status = "", Created = 0 }: Listed): Omit<WorkerSeen, "busy"> {
  const [, code] = /^Exited \((\d+)\)/.exec(Status) ?? [];
  return {
    state: State,
    unhealthy: Status.includes("(unhealthy)"),
    created: Created * 1000,
    exitCode: code === undefined ? null : Number(code),
  };
}

/** Milliseconds between two looks: how late a run may start by itself. */
const interval = 250;

/** Looks again and again. */
export async function watchWorkers(
  workers: Workers,
  stands: () => { leads: boolean; leased: boolean },
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await workers.look({ now: performance.now(), wall: Date.now() }, stands());
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
