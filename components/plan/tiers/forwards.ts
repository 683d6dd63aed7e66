import { balancerTraits } from "../../model/balancers/select.ts";
import type { ClusterPlan } from "../types.ts";

/** Whether a cluster's balancers forward packets (layer 4), so that nodes take what comes for the virtual address. */
export const forwardsPackets = ({ tier }: Pick<ClusterPlan, "tier">): boolean =>
  balancerTraits(tier.kind).layer === 4;
