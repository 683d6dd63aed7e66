import { givenUpAfter } from "../../../../components/plan/tiers/lvs/node-faults.ts";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import type { TierLoad } from "../types.ts";

/** The kernel's first wait for an answer to a connection's first packet (RFC 6298, 2.1). Milliseconds. */
const firstPacket = 1000;

const reaches = ({ tier }: ClusterPlan, pool: string): boolean =>
  "services" in tier && tier.services.some((service) => service.protocol === "tcp" && service.pool === pool);

/** Requests by TCP to the first service of that protocol. The sample node speaks HTTP at whatever port it has. */
export const lvsLoad: TierLoad = {
  unfit: (plan, pool) =>
    reaches(plan, pool) ? null : "there is no service by TCP, and the load goes by that",
  // Nobody here sends anything twice.
  idempotent: () => null,
  bears: (plan, pool, service) =>
    reaches(plan, pool) ? { silence: service, shortest: firstPacket, stays: givenUpAfter } : null,
};
