import type { Review } from "../../../components/review/types.ts";

/** The review as a document for machines: keys sorted, so that the same review is the same bytes whoever put it together. */
export function json(review: Review): string {
  return `${JSON.stringify(review, sorted, 2)}\n`;
}

function sorted(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
