import type { Figures } from "./figures.ts";
import type { Limit } from "./limits.ts";

/** One limit, held against what was measured. */
export interface Checked extends Limit {
  /** Null when it could not be measured; that is no pass. */
  readonly measured: number | null;
  readonly kept: boolean;
}

export type Verdict =
  | {
      readonly kind: "passed" | "failed";
      readonly checked: readonly Checked[];
      readonly doubts: readonly string[];
    }
  | { readonly kind: "not run"; readonly reason: string };

/** The generator is late by 2 ms on a quiet machine; from here on its own lateness colours the figures. */
export const lateFrom = 25;

/** Judges: every limit must be kept, and a figure that is missing keeps none. */
export function verdict(figures: Figures, limits: readonly Limit[]): Verdict {
  const checked = limits.map((limit) => {
    const measured = figures.measures[limit.measure];
    const { most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY } = limit;
    return { ...limit, measured, kept: measured !== null && measured >= least && measured <= most };
  });
  const whole = figures.unaccounted === 0 && figures.sent > 0;
  const kind = whole && checked.every(({ kept }) => kept) ? "passed" : "failed";
  const mayMove = limits.some(({ measure }) => measure === "moves" || measure === "split");
  return { kind, checked, doubts: [...doubtsOf(figures), ...(mayMove ? [] : strayMoves(figures))] };
}

function doubtsOf({ unaccounted, sent, lateP99 }: Figures): string[] {
  return [
    ...(sent === 0 ? ["the generator sent nothing"] : []),
    ...(unaccounted === 0 ? [] : [`${unaccounted} of ${sent} requests are not accounted for`]),
    ...(lateP99 > lateFrom
      ? [
          `the machine was busy: the generator itself sent up to ${lateP99} ms late (p99), so times are too long by as much`,
        ]
      : []),
  ];
}

function strayMoves({ measures }: Figures): string[] {
  const moves = measures.moves ?? 0;
  if (moves === 0) return [];
  return [
    `the address moved ${moves === 1 ? "once" : `${moves} times`} though nothing was done to its holder: it got no processor for longer than three adverts`,
  ];
}
