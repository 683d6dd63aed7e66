import type { ClusterPlan, NodePlan } from "../../components/plan/types.ts";
import type { DrillPlatform } from "./platform.ts";
import { drilledPool } from "./streams.ts";
import { tierDrills } from "./tiers/select.ts";

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

  /** The command that runs another where the balancers' programs live. */
  get inside(): readonly string[] {
    return tierDrills(this.plan.tier.kind).inside;
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
