/* What a platform tells of a plan, beside what runs. */

/** Best practices, and how a plan does by them. */
export interface Controls {
  /** Whose they are, with a version. */
  readonly standard: string;
  readonly controls: readonly {
    readonly id: string;
    readonly title: string;
    readonly verdict: "passes" | "fails" | "other";
    readonly why: string;
  }[];
}

/** What is recorded of things that others make. */
export interface Pins {
  /** For `--json`; has a schema version. */
  readonly document: object;
  /** A line each: what it is, or that nothing is recorded. */
  readonly lines: readonly string[];
  /** Nothing is left to whoever serves it that day. */
  readonly complete: boolean;
}
