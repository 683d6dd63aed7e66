/** Milliseconds between two rounds that count in full: some polls, and what a busy balancer takes to answer. */
const counted = 250;
/** Least part of a longer pause that counts, so that what lasts is acted on, however late the warden always is. */
const leastPart = 1 / 3;

/**
 * Time as far as the warden has watched. Its timers ask how long something has been so (a node lost, all calm), and a warden that
 * got no processor for two seconds has seen two looks of that and not two seconds: local health awareness, as the balancers' checks have.
 */
export class WatchedTime {
  #watched: number;
  #last: number;

  /** @param now monotonic milliseconds, from which both clocks go */
  constructor(now: number) {
    this.#watched = now;
    this.#last = now;
  }

  /** Another look. @returns the watched time, never ahead of the clock that `now` is of */
  advance(now: number): number {
    const passed = Math.max(0, now - this.#last);
    this.#last = Math.max(now, this.#last);
    this.#watched += Math.max(Math.min(passed, counted), passed * leastPart);
    return this.#watched;
  }
}
