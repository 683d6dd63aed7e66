import { percentile } from "./percentile.ts";
import type { Recording } from "./types.ts";

/** What changes of the members took. */
export function changeFigures({ changes }: Recording) {
  if (changes.length === 0) return { "change.p99": null, "change.refused": null, changes: 0 };
  return {
    changes: changes.length,
    "change.p99": percentile(
      changes.map(({ took }) => took),
      0.99,
    ),
    "change.refused": changes.filter(({ status }) => status !== "200").length,
  };
}
