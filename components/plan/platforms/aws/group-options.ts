import type { AwsSpec } from "../../../model/spec.ts";
import type { GroupPlan } from "../../groups/types.ts";

type PoolOptions = AwsSpec["pools"][string];

/* What a pool's groups have only where its stack says so: left out otherwise, so that a plan is as it was before there was a choice. */

/** Of all groups of a pool. */
export function whatIsSaid(
  options: PoolOptions | undefined,
): Pick<GroupPlan, "policies" | "disk" | "securityGroups" | "distribution"> {
  if (options === undefined) return {};
  const { policies, disk, securityGroups, distribution } = options;
  return {
    ...(policies.length === 0 ? {} : { policies }),
    ...(disk === null ? {} : { disk: { ...disk, size: Math.ceil(disk.size / 1024 ** 3) } }),
    ...(securityGroups.length === 0 ? {} : { securityGroups }),
    ...(distribution === "only" ? { distribution } : {}),
  };
}

/** Of the group of active nodes, whose number moves. */
export function planPace(options: PoolOptions | undefined): Pick<GroupPlan, "schedule" | "predictive"> {
  const scaling = options?.scaling ?? null;
  if (scaling === null) return {};
  const { schedule, predictive } = scaling;
  return {
    ...(schedule.length === 0 ? {} : { schedule }),
    ...(predictive === null ? {} : { predictive }),
  };
}

/** Spot beyond a base: all of the others, or a share. */
export function planSpot(options: PoolOptions | undefined): GroupPlan["spot"] {
  const spot = options?.spot ?? null;
  if (spot === null) return null;
  const { share, ...all } = spot;
  return share === 100 ? all : { ...all, share };
}
