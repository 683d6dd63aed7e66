import type { PlatformKind } from "../model/spec.ts";
import type { TierPlan } from "../plan/tiers/types.ts";
import type { BalancerPlan, ClusterPlan, DoorPlan, GroupPlan, RenderedFile } from "../plan/types.ts";
import { renderGroup } from "./aws/group.ts";
import { lvsDoorFiles, lvsFiles } from "./lvs/files.ts";
import { doorFiles, nginxFiles } from "./nginx/files.ts";

/*
 * Which files a machine gets, where that hangs on a kind: those of a planned balancer on the tier's, those of a group's machines on
 * the platform's, whose engine starts them. The one file of the renderers that knows the kinds.
 */

type PlanOf<K extends TierPlan["kind"]> = ClusterPlan & { readonly tier: Extract<TierPlan, { kind: K }> };

interface TierFiles<P = ClusterPlan> {
  /** Files of a planned balancer. */
  readonly balancer: (plan: P, balancer: BalancerPlan) => RenderedFile[];
  /** Files of the door, where the platform has one. */
  readonly door: (plan: P, door: DoorPlan) => RenderedFile[];
}

const tiers: { readonly [K in TierPlan["kind"]]: TierFiles<PlanOf<K>> } = {
  lvs: { balancer: lvsFiles, door: lvsDoorFiles },
  nginx: { balancer: nginxFiles, door: doorFiles },
};

/** For platforms whose engine keeps groups. */
const groups: Readonly<
  Partial<Record<PlatformKind, (plan: ClusterPlan, group: GroupPlan) => RenderedFile[]>>
> = { aws: renderGroup };

/** What renders the files of a tier and of the door in front of it. */
export function tierFiles({ tier }: Pick<ClusterPlan, "tier">): TierFiles {
  // Whoever asks by a plan's tier gives it that plan.
  return tiers[tier.kind] as TierFiles;
}

/** The files of the machines of a group. @throws Error on a platform that keeps no groups */
export function groupFiles(plan: ClusterPlan, group: GroupPlan): RenderedFile[] {
  const files = groups[plan.platform.kind];
  if (files === undefined)
    throw new Error(`${group.key}: the platform ${plan.platform.kind} keeps no groups`);
  return files(plan, group);
}
