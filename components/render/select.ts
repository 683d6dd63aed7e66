import type { PlatformKind } from "../model/spec.ts";
import type { TierPlan } from "../plan/tiers/types.ts";
import type { BalancerPlan, ClusterPlan, GroupPlan, RenderedFile } from "../plan/types.ts";
import { renderGroup } from "./aws/group.ts";
import { nginxFiles } from "./nginx/files.ts";

/*
 * Which files a machine gets, where that hangs on a kind: those of a planned balancer on the tier's, those of a group's machines on
 * the platform's, whose engine starts them. The one file of the renderers that knows the kinds.
 */

const balancers: Readonly<
  Record<TierPlan["kind"], (plan: ClusterPlan, balancer: BalancerPlan) => RenderedFile[]>
> = { nginx: nginxFiles };

/** For platforms whose engine keeps groups. */
const groups: Readonly<
  Partial<Record<PlatformKind, (plan: ClusterPlan, group: GroupPlan) => RenderedFile[]>>
> = { aws: renderGroup };

/** The files of a planned balancer. */
export function balancerFiles(plan: ClusterPlan, balancer: BalancerPlan): RenderedFile[] {
  return balancers[plan.tier.kind](plan, balancer);
}

/** The files of the machines of a group. @throws Error on a platform that keeps no groups */
export function groupFiles(plan: ClusterPlan, group: GroupPlan): RenderedFile[] {
  const files = groups[plan.platform.kind];
  if (files === undefined)
    throw new Error(`${group.key}: the platform ${plan.platform.kind} keeps no groups`);
  return files(plan, group);
}
