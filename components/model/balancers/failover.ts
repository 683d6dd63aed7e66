import { z } from "zod";
import { duration } from "../schema/common.ts";

/** How the balancers of a pair share the virtual address, whatever their kind. */
export const failover = z.strictObject({
  advertise: duration("10 ms", "40 s")
    .prefault("100 ms")
    .describe(
      "Interval of the VRRP adverts. The address moves after 3 of them are missed, plus a skew below one (RFC 9568).",
    ),
  preempt: z
    .boolean()
    .default(false)
    .describe(
      "Whether the first balancer takes the address back when it returns; that cuts open connections once more.",
    ),
  routerId: z
    .int()
    .min(1)
    .max(255)
    .default(51)
    .describe("VRRP virtual router id; unique per network segment."),
});
