import { figure } from "../../text.ts";
import type { Measure } from "../figures.ts";
import type { Limit } from "../limits.ts";

/** What a measure is called and counted in. */
export const measures: Readonly<Record<Measure, { readonly name: string; readonly unit: "ms" | "" }>> = {
  "lost.all": { name: "requests lost", unit: "" },
  "lost.get": { name: "GET lost", unit: "" },
  "lost.post": { name: "POST lost", unit: "" },
  "lost.idempotent": { name: "idempotent POST lost", unit: "" },
  "lost.post.beyondInFlight": { name: "POST lost that were not under way", unit: "" },
  "doubled.post": { name: "POST done twice", unit: "" },
  worst: { name: "worst wait", unit: "ms" },
  detect: { name: "noticed after", unit: "ms" },
  recover: { name: "clients well again after", unit: "ms" },
  failing: { name: "last failure after", unit: "ms" },
  gap: { name: "address without service", unit: "ms" },
  "gap.p99": { name: "address without service, p99", unit: "ms" },
  "gap.heal": { name: "address without service at the return", unit: "ms" },
  standby: { name: "hot standby answers after", unit: "ms" },
  cold: { name: "cold standby answers after", unit: "ms" },
  "holders.after": { name: "holders of the address too many or too few", unit: "" },
  split: { name: "both hold the address for", unit: "ms" },
  acts: { name: "machines that wardens switched", unit: "" },
  "members.lost": { name: "nodes taken for lost that nothing was done to", unit: "" },
  "asked.failed": { name: "answers to the one URL that were errors", unit: "" },
  dripping: { name: "slow connections opened", unit: "" },
  kept: { name: "connections kept open", unit: "" },
  "kept.ended": { name: "connections that ended", unit: "" },
  moves: { name: "moves of the address", unit: "" },
  nodes: { name: "nodes that answered", unit: "" },
  replaced: { name: "nodes that were replaced", unit: "" },
  changes: { name: "changes made", unit: "" },
  "split.after": { name: "both hold the address after healing for", unit: "ms" },
  "change.p99": { name: "a change takes, p99", unit: "ms" },
  "change.refused": { name: "changes refused", unit: "" },
};

/** `at most 400 ms`, `at least 1`. */
export function bound({ most, least, measure }: Limit): string {
  const { unit } = measures[measure];
  return most === undefined ? `at least ${figure(least ?? null, unit)}` : `at most ${figure(most, unit)}`;
}
