/** Something dangerous about a change, by a rule of the kit. */
export interface Risk {
  /** Stable, e.g. `risk.last-hot-standby-removed`; what `acknowledge` in a stack names. */
  readonly code: string;
  /** `danger` fails the review unless it is acknowledged, `warning` is shown on top, `notice` below. */
  readonly severity: "danger" | "warning" | "notice";
  /** Where in the stack, e.g. `pools.web.standby.hot`. */
  readonly path: string;
  /** What will happen, with numbers. */
  readonly message: string;
  /** The way out. */
  readonly hint: string;
  /** The stack's own reason; null when nobody acknowledged it. */
  readonly acknowledged: string | null;
}
