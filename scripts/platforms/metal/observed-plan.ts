import { plan } from "../../../components/plan/plan.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { placedIn } from "../../../components/platform/metal/placed.ts";
import { planContext } from "../../../infra/context.ts";
import { type StateResource, stackState } from "../../engine/state.ts";
import { currentOwner, sourceOf, specOf } from "../../stacks.ts";

/** A stack's plan with the machines where they stand now, by its state. */
export async function observedPlan(stack: string): Promise<ClusterPlan> {
  return planBy(stack, (await stackState(stack))?.resources ?? []);
}

/** The same by the resources of a state that is at hand. */
export function planBy(stack: string, resources: readonly StateResource[]): ClusterPlan {
  const spec = specOf(stack);
  const placed = placedIn(Object.fromEntries(resources.map(({ urn, inputs }) => [urn, inputs ?? {}])));
  return plan(spec, planContext(spec, currentOwner(), sourceOf(stack).images, { placed }));
}
