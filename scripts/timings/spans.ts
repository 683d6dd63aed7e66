import { type PerformanceMeasure, performance } from "node:perf_hooks";

/*
 * Where the seconds of a command went. Spans are Node's own measures: whoever works marks them, and nobody is handed anything.
 */

/** A piece of work. Milliseconds since this process began. */
export interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A piece of work, and how many others it lies in. */
export interface Placed extends Span {
  readonly depth: number;
}

/** All of our measures bear this. */
const detail = "hotspare";

/** Notes that something began at `start` and ends now. @param start by {@link clock} */
export function measure(name: string, start: number): void {
  performance.measure(name, { start, end: performance.now(), detail });
}

/** Milliseconds since this process began. */
export function clock(): number {
  return performance.now();
}

/** What was noted until now, by its beginning; of two that begin together the longer one first. */
export function spans(): Span[] {
  return performance
    .getEntriesByType("measure")
    .filter((entry) => (entry as PerformanceMeasure).detail === detail)
    .map(({ name, startTime, duration }) => ({ name, start: startTime, end: startTime + duration }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Spans inside of spans: a span lies in the last one before it that ends no sooner. What overlaps otherwise stands beside. */
export function placed(sorted: readonly Span[]): Placed[] {
  const open: Span[] = [];
  return sorted.map((span) => {
    while (open.length > 0 && (open.at(-1) as Span).end < span.end) open.pop();
    open.push(span);
    return { ...span, depth: open.length - 1 };
  });
}
