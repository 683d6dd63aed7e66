import type { Compared } from "../agree.ts";
import type { Figures } from "../figures.ts";
import type { Verdict } from "../verdict.ts";

/** Version of the document that `drill --json` prints and `report.json` holds. */
export const reportSchema = "hotspare.drill-report/2";

export interface DrillReport {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Requests a second; null when it was not run. */
  readonly rate: number | null;
  /** The fault whose forecast its limits come from: its own id, or another's where it has none. Null where there is none at all. */
  readonly basis: string | null;
  readonly seconds: number;
  readonly figures: Figures | null;
  readonly compared: readonly Compared[];
}

export interface Report {
  readonly schema: typeof reportSchema;
  readonly stack: string;
  readonly cluster: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  /** What it ran on, since figures mean little without. */
  readonly machine: { readonly cores: number; readonly loadAverage: number; readonly engine: string };
  /** `failed` when one drill failed; `incomplete` when none did and one was not run. */
  readonly verdict: "passed" | "failed" | "incomplete";
  readonly drills: readonly DrillReport[];
}

/** The verdict over several drills: what was not run is never a pass. */
export function overall(drills: readonly DrillReport[]): Report["verdict"] {
  if (drills.some(({ verdict }) => verdict.kind === "failed")) return "failed";
  return drills.some(({ verdict }) => verdict.kind === "not run") ? "incomplete" : "passed";
}

/** The document as text. The requests themselves are in the pictures; here are the figures. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
