import type { WardenLogEvent } from "../events/sentence.ts";
import { atWork } from "./at-work.ts";
import { figuresOf, type Sample } from "./figures.ts";
import type { LiveSource } from "./source.ts";
import { type LiveEvent, type LiveState, liveEvent, liveState } from "./state.ts";

/** Milliseconds between two looks, so that the page is less than a second behind. */
const pause = 500;
/** What happens "now" is what happened in the last two seconds. */
const window = 2_000;
/** Points of the chart and events that a page which is opened later gets as well: five minutes of the first. */
const mostPoints = 600;
const mostEvents = 200;

export interface Point {
  /** ISO 8601. */
  readonly at: string;
  readonly rate: number;
  readonly p99: number | null;
}

export interface Told {
  /** Everything that there is to show; null while nothing could be seen. */
  readonly state: LiveState | null;
  /** Why nothing can be seen now; null when it can. */
  readonly trouble: string | null;
}

type Listener = (what: "now" | "event", data: Told | LiveEvent) => void;

/** Looks again and again, and tells all who listen. */
export class Watch {
  readonly points: Point[] = [];
  readonly events: LiveEvent[] = [];
  told: Told = { state: null, trouble: null };
  readonly #source: LiveSource;
  readonly #stack: string;
  readonly #listeners = new Set<Listener>();
  #samples: Sample[] = [];
  #over = false;

  constructor(source: LiveSource, stack: string) {
    this.#source = source;
    this.#stack = stack;
    source.events((event) => this.#take(event));
  }

  /** @returns ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Looks until it is closed. */
  async run(): Promise<void> {
    while (!this.#over) {
      const began = performance.now();
      await this.lookOnce();
      await new Promise((resolve) => setTimeout(resolve, Math.max(20, pause - (performance.now() - began))));
    }
  }

  async lookOnce(): Promise<void> {
    try {
      const look = await this.#source.look();
      const sample: Sample = { at: performance.now(), counts: look.counts };
      const figures = figuresOf(this.#samples[0], sample);
      this.#samples = [...this.#samples, sample].filter(({ at }) => sample.at - at < window);
      const state = liveState(look, figures, atWork(this.#stack), new Date());
      this.points.push({ at: state.at, rate: figures.rate, p99: figures.p99 });
      if (this.points.length > mostPoints) this.points.shift();
      this.told = { state, trouble: null };
    } catch (error) {
      this.told = { ...this.told, trouble: (error as Error).message };
    }
    this.#tell("now", this.told);
  }

  close(): void {
    this.#over = true;
    this.#source.close();
  }

  /** Wardens tell side by side, each from the past on. */
  #take(event: WardenLogEvent): void {
    const told = liveEvent(event);
    const at = this.events.findLastIndex(({ at }) => at <= told.at) + 1;
    this.events.splice(at, 0, told);
    if (this.events.length > mostEvents) this.events.shift();
    this.#tell("event", told);
  }

  #tell(what: "now" | "event", data: Told | LiveEvent): void {
    for (const listener of this.#listeners) listener(what, data);
  }
}
