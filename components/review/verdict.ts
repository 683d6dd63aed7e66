import type { ClusterChange } from "./compare/types.ts";
import type { EngineReview } from "./engine/types.ts";
import type { Review, Verdict } from "./types.ts";

/** Every verdict, the mildest first. */
export const verdicts: readonly Verdict[] = [
  "unchanged",
  "changed",
  "destructive",
  "drift",
  "violated",
  "failed",
];

/** The worst that holds; see {@link Verdict} for what each one means. */
export function verdictOf({
  failures,
  risks,
  change,
  engine,
}: Pick<Review, "failures" | "risks" | "change" | "engine">): Verdict {
  if (failures.length > 0) return "failed";
  const isRefused = engine?.policies.some(({ level }) => level === "mandatory") ?? false;
  if (isRefused || risks.some((risk) => risk.severity === "danger" && risk.acknowledged === null))
    return "violated";
  if (engine?.drift && engine.drift.length > 0) return "drift";
  if (isDestructive(change, engine)) return "destructive";
  return isChanged(change, engine) ? "changed" : "unchanged";
}

/** The worst of some verdicts. */
export function worstOf(all: readonly Verdict[]): Verdict {
  return verdicts.findLast((verdict) => all.includes(verdict)) ?? "unchanged";
}

/** Whether a verdict is as bad as a limit, or worse. */
export function isAtLeast(verdict: Verdict, limit: Verdict): boolean {
  return verdicts.indexOf(verdict) >= verdicts.indexOf(limit);
}

function isDestructive(change: ClusterChange | null, engine: EngineReview | null): boolean {
  return (
    change?.kind === "removed" ||
    (change?.machines ?? []).some(({ action }) => action === "removed" || action === "replaced") ||
    (engine?.steps ?? []).some(({ kind }) => kind === "delete" || kind === "replace")
  );
}

/** What the engine only reads isn't changed by it. */
function isChanged(change: ClusterChange | null, engine: EngineReview | null): boolean {
  return (
    (change !== null && change.kind !== "unchanged") ||
    (engine?.steps ?? []).some(({ kind }) => kind !== "read")
  );
}
