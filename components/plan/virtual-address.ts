import type { ClusterPlan } from "./types.ts";

/** The address that one of the balancers has: the clients' own, or, behind directors, the one by which they agree on one of them. Null where they have none. */
export const sharedAddressOf = ({ directors, network }: ClusterPlan): string | null =>
  directors?.leaderAddress ?? network.virtualAddress;

/**
 * The address that clients use.
 *
 * @throws Error for a plan that has none; whoever asks works for platforms with one only.
 */
export function virtualAddressOf({ cluster, platform, network }: ClusterPlan): string {
  if (network.virtualAddress !== null) return network.virtualAddress;
  throw new Error(`${cluster}: on ${platform.kind} the platform's own balancer is in front, known by a name`);
}
