import { z } from "zod";
import { failover } from "./failover.ts";
import { lvsSchema } from "./lvs/schema.ts";
import { nginxSchema } from "./nginx/schema.ts";

/** Balancers that read requests, behind directors. All of them serve; their own failover is which of them acts on machines. */
const behind = nginxSchema.extend({
  count: z.int().min(1).max(4).default(3).describe("Balancers; all of them serve."),
  failover: failover
    .extend({
      routerId: z
        .int()
        .min(1)
        .max(255)
        .default(52)
        .describe(
          "VRRP virtual router id; unique per network segment, and so another one than the directors'.",
        ),
    })
    .prefault({})
    .describe("How they agree on the one of them whose warden switches machines; clients don't notice."),
});

const layered = lvsSchema
  .extend({
    behind: behind
      .nullable()
      .default(null)
      .describe(
        "Balancers that read requests, to all of which the directors forward what comes for their ports; `null` for none. Then `services` stay empty: routes lead to the pools.",
      ),
  })
  .describe(lvsSchema.description ?? "");

/** The balancer tier: a line a kind. */
export const balancerSchema = z.discriminatedUnion("kind", [nginxSchema, layered]);

/** The tier of a stack that names none. */
export const defaultBalancer = { kind: "nginx" } as const;
