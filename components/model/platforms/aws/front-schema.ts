import { z } from "zod";

const dns = z.strictObject({
  zone: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/)
    .describe("Id of the hosted zone in Route 53, e.g. `Z0123456789ABCDEFGHIJ`."),
  name: z
    .string()
    .max(253)
    .regex(/^([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/)
    .describe("What clients call the cluster by, below the zone's own name."),
  failover: z
    .enum(["primary", "secondary"])
    .nullable()
    .default(null)
    .describe(
      "Two clusters under one name: Route 53 gives the `secondary`'s addresses while no balancer of the `primary` is healthy. `null` for one alone.",
    ),
});

/** The load balancer that clients meet. */
export const frontSchema = z.strictObject({
  internal: z
    .boolean()
    .default(false)
    .describe("Whether it has addresses inside the VPC alone, in the private subnets."),
  addresses: z
    .array(z.string().regex(/^eipalloc-[0-9a-f]{8,17}$/))
    .max(3)
    .nullable()
    .default(null)
    .describe(
      "Elastic IPs of yours, one for each zone in their order; they outlive the cluster. `null` for AWS's own.",
    ),
  dns: dns
    .nullable()
    .default(null)
    .describe("A name in Route 53 that leads to it, as long as a balancer is healthy; `null` for none."),
});
