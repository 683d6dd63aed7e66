import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { freshState } from "./decide.ts";
import type { NodeMemory, PoolMemory, State } from "./types.ts";

/*
 * The state on disk. Times are kept as ages, since the monotonic clock begins again with each process, beside the wall
 * clock's time of writing. A lost or garbled file costs a little patience and nothing else.
 */

const schema = 1;
/** What lies further back than this counts as this far: a wall clock that jumped must not age anything by years. */
const longestPause = 3_600_000;

type Ages = Readonly<Record<string, number | null>>;

/** @param now monotonic, @param wall wall clock; both in ms */
export function serialize(state: State, now: number, wall: number): string {
  const age = (since: number | null) => (since === null ? null : Math.round(now - since));
  const nodes = Object.entries(state.nodes).map(([key, memory]) => [
    key,
    {
      lost: age(memory.lostSince),
      idle: age(memory.idleSince),
      tries: memory.tries,
      tried: age(memory.triedAt),
      starting: age(memory.startingSince),
      off: age(memory.offAt),
    },
  ]);
  return JSON.stringify({ schema, wall, nodes: Object.fromEntries(nodes) });
}

/**
 * The state that a text holds. How long a node has been well isn't taken over: nobody looked meanwhile.
 *
 * @throws Error when it is none.
 */
export function deserialize(text: string, now: number, wall: number): State {
  const document = JSON.parse(text) as { schema?: unknown; wall?: unknown; nodes?: Record<string, Ages> };
  if (document?.schema !== schema) throw new Error("it is of another version");
  if (typeof document.wall !== "number" || typeof document.nodes !== "object" || document.nodes === null)
    throw new Error("it has no time or no nodes");
  const pause = Math.min(longestPause, Math.max(0, wall - document.wall));
  const since = (age: number | null | undefined) => {
    if (age === null || age === undefined) return null;
    if (!Number.isFinite(age) || age < 0) throw new Error("it has an impossible age");
    return now - age - pause;
  };
  const nodes = Object.entries(document.nodes).map(([key, ages]): [string, NodeMemory] => {
    const tries = ages.tries ?? 0;
    if (!Number.isInteger(tries) || tries < 0) throw new Error("it has an impossible count");
    return [
      key,
      {
        lostSince: since(ages.lost),
        wellSince: null,
        idleSince: since(ages.idle),
        tries,
        triedAt: since(ages.tried),
        startingSince: since(ages.starting),
        offAt: since(ages.off),
      },
    ];
  });
  const pools: Record<string, PoolMemory> = {};
  return { ...freshState, nodes: Object.fromEntries(nodes), pools };
}

/** The state file. It tells of a failure by its return value: the warden goes on without. */
export class Store {
  readonly #file: string;
  #written = "";

  constructor(file: string) {
    this.#file = file;
  }

  /** The state, or a fresh one and why. */
  load(now: number, wall: number): { state: State; problem: string | null } {
    try {
      return { state: deserialize(readFileSync(this.#file, "utf8"), now, wall), problem: null };
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      return { state: freshState, problem: missing ? null : (error as Error).message };
    }
  }

  /** Writes when something but the ages has changed. Returns what went wrong, or null. */
  save(state: State, now: number, wall: number): string | null {
    const essence = JSON.stringify(
      Object.entries(state.nodes).map(([key, { lostSince, idleSince, tries, triedAt, offAt }]) => [
        key,
        lostSince,
        idleSince,
        tries,
        triedAt,
        // While it is off that moves with the time; the moment in which it is on again counts.
        offAt === now || offAt,
      ]),
    );
    if (essence === this.#written) return null;
    try {
      writeFileSync(`${this.#file}.tmp`, serialize(state, now, wall));
      renameSync(`${this.#file}.tmp`, this.#file);
      this.#written = essence;
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }
}
