/** What a limit can be set on. Milliseconds and counts; a null figure could not be measured. */
export type Measure =
  | "lost.all"
  | "lost.get"
  | "lost.post"
  | "lost.idempotent"
  | "lost.post.beyondInFlight"
  | "doubled.post"
  | "worst"
  | "detect"
  | "recover"
  | "failing"
  | "gap"
  | "gap.p99"
  | "gap.heal"
  | "standby"
  | "cold"
  | "holders.after"
  | "split"
  | "split.after"
  | "acts"
  | "members.lost"
  | "asked.failed"
  | "dripping"
  | "moves"
  | "kept"
  | "kept.ended"
  | "nodes"
  | "replaced"
  | "changes"
  | "change.p99"
  | "change.refused";

/** One kind of requests in one drill. */
export interface StreamFigures {
  readonly stream: string;
  readonly sent: number;
  readonly lost: number;
  /** Count by outcome. */
  readonly failed: Readonly<Record<string, number>>;
  /** POSTs that were done more than once. */
  readonly doubled: number;
  /** POSTs that were done although the client was told of a failure. */
  readonly doneYetFailed: number;
  readonly p50: number;
  readonly p99: number;
  /** Longest wait of a request that was answered. */
  readonly worst: number;
}

/** Who had the address from when to when. */
export interface Holding {
  readonly balancer: string;
  readonly from: number;
  readonly to: number;
}

export interface Figures {
  readonly sent: number;
  readonly streams: readonly StreamFigures[];
  readonly measures: Readonly<Record<Measure, number | null>>;
  readonly holdings: readonly Holding[];
  /** Time without service of each round, in order. */
  readonly gaps: readonly number[];
  /** 99th percentile of how late the generator itself sent; above some ms the machine was too busy for exact figures. */
  readonly lateP99: number;
  /** Operations that the generator sent and did not account for. Always 0, or the recording is broken. */
  readonly unaccounted: number;
}
