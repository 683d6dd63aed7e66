import type { ClusterPlan } from "./types.ts";

/**
 * The address that the balancers share.
 *
 * @throws Error for a plan that has none; whoever asks works for platforms with one only.
 */
export function virtualAddressOf({ cluster, platform, network }: ClusterPlan): string {
  if (network.virtualAddress !== null) return network.virtualAddress;
  throw new Error(`${cluster}: on ${platform.kind} the platform's own balancer is in front, known by a name`);
}
