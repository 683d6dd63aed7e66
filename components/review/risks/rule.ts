import type { RiskCode } from "../../model/codes.ts";
import { type PoolCapacity, poolCapacity } from "../../plan/capacity.ts";
import type { ClusterPlan, PoolPlan } from "../../plan/types.ts";
import type { ClusterChange } from "../compare/types.ts";
import type { PlanDocument } from "../document.ts";
import type { EngineReview } from "../engine/types.ts";
import type { Risk } from "./types.ts";

/** What is known of a change. */
export interface RiskInput {
  /** Null where the cluster isn't, or could not be planned. */
  readonly before: PlanDocument | null;
  readonly after: PlanDocument | null;
  /** How they differ; null when a side could not be planned. */
  readonly change: ClusterChange | null;
  /** Null without a preview. */
  readonly engine: EngineReview | null;
  /**
   * Another stack of the same review that stands in for this one on the other side, most likely the same under another name; with
   * its cluster's id.
   */
  readonly namesake?: { readonly stack: string; readonly cluster: string } | null;
}

/** Where a risk is met, and what will happen there, with numbers. */
export type Finding = Pick<Risk, "path" | "message">;

/** A kind of risk. A rule looks at what a change brings: what was as risky before is no news. */
export interface RiskRule {
  readonly code: RiskCode;
  readonly severity: Risk["severity"];
  /** When it is met; a part of a sentence for the table in docs/risks.md. */
  readonly when: string;
  /** The way out. */
  readonly hint: string;
  readonly find: (input: RiskInput) => readonly Finding[];
}

/** A rule that needs both sides. */
export function betweenPlans(
  find: (before: ClusterPlan, after: ClusterPlan) => readonly Finding[],
): RiskRule["find"] {
  return ({ before, after }) => (before === null || after === null ? [] : find(before.plan, after.plan));
}

/** A rule about a state that a change brings about: it holds afterwards and didn't before. A new cluster brings about all. */
export function broughtAbout(holds: (plan: ClusterPlan) => readonly Finding[]): RiskRule["find"] {
  return ({ before, after }) => {
    if (after === null) return [];
    const known = new Set((before === null ? [] : holds(before.plan)).map(({ path }) => path));
    return holds(after.plan).filter(({ path }) => !known.has(path));
  };
}

export interface PoolSide extends PoolCapacity {
  readonly plan: PoolPlan;
  /** Weight of the hot standby that steps in first; 0 for none. */
  readonly hotWeight: number;
  /** Whether a standby steps in for a single node, and not only when no active node is left. */
  readonly stepsIn: boolean;
}

/** A rule about each pool that both sides have. */
export function eachPool(
  find: (name: string, before: PoolSide, after: PoolSide) => Finding | null,
): RiskRule["find"] {
  return betweenPlans((before, after) =>
    after.pools.flatMap(({ name }) => {
      const [old, now] = [poolSide(before, name), poolSide(after, name)];
      return old === null || now === null ? [] : (find(name, old, now) ?? []);
    }),
  );
}

function poolSide(plan: ClusterPlan, name: string): PoolSide | null {
  const pool = plan.pools.find((candidate) => candidate.name === name);
  if (pool === undefined) return null;
  const capacity = poolCapacity(plan, name);
  const standby = plan.nodes.find((node) => node.pool === name && node.role === "hot");
  return {
    ...capacity,
    plan: pool,
    hotWeight: capacity.hot === 0 ? 0 : (standby?.weight ?? 1),
    stepsIn: plan.wardens.length > 0 || plan.groups.length > 0,
  };
}

/** `67 %`. */
export function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
