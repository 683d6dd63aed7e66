import { frontOf } from "../../components/plan/front.ts";
import type { BalancerPlan, ClusterPlan, NodePlan } from "../../components/plan/types.ts";
import type { DrillPlatform } from "./platform.ts";
import { drilledPool } from "./streams.ts";
import { holdersKind, tierDrills } from "./tiers/select.ts";

/** The cluster that a drill works on. */
export class DrillCluster {
  readonly platform: DrillPlatform;
  readonly stack: string;
  readonly plan: ClusterPlan;

  constructor(platform: DrillPlatform, stack: string, plan: ClusterPlan) {
    this.platform = platform;
    this.stack = stack;
    this.plan = plan;
  }

  /** The pool whose nodes are hit. */
  get pool(): string {
    return drilledPool(this.plan);
  }

  /** Those of whom one has the virtual address: the directors, where there are some in front of the balancers. */
  get holders(): readonly BalancerPlan[] {
    return (frontOf(this.plan) ?? this.plan).balancers;
  }

  /** The command that runs another where their programs live. */
  get inside(): readonly string[] {
    return tierDrills(holdersKind(this.plan)).inside;
  }

  nodes(role: NodePlan["role"]): NodePlan[] {
    return this.plan.nodes.filter((node) => node.pool === this.pool && node.role === role);
  }
}

/**
 * What comes of a promise, for which nobody waits for ever: a question to a machine that dies in this moment may never be
 * answered.
 *
 * @throws Error that says what has not ended, when it takes longer than so many milliseconds.
 */
export async function atMost<T>(milliseconds: number, what: string, promise: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>();
  const late = () => over.reject(new Error(`${what} has not ended within ${milliseconds / 1000} s`));
  const timer = setTimeout(late, milliseconds);
  try {
    return await Promise.race([promise, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits. */
export function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}
