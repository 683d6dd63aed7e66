import { z } from "zod";

/** What a balancer says of one member; unknown fields are left alone, since the image may be newer than we are. */
const memberSchema = z.object({
  key: z.string(),
  role: z.string(),
  /** What `up` wanted; another role is the warden's doing. A balancer of an earlier image tells none. */
  desiredRole: z.string().optional(),
  weight: z.number(),
  healthy: z.boolean().nullable(),
  inRotation: z.boolean(),
  /** What an operator has said of it. */
  out: z.boolean().optional(),
  drained: z.boolean().optional(),
  inFlight: z.number(),
  requests: z.number(),
  failures: z.number(),
});

/** Lua writes an empty list as an object. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), z.record(z.string(), z.never()).transform((): z.output<T>[] => [])]);

/** The table of a director's kernel, as `ipvsadm` tells it. */
const ipvsSchema = z.object({
  /** Which kernel forwards: the host's, or that of a guest. */
  kernel: z.string(),
  services: listOf(
    z.object({
      protocol: z.string(),
      address: z.string(),
      port: z.number(),
      scheduler: z.string(),
      flags: z.string(),
      persistence: z.number().optional(),
      destinations: listOf(
        z.object({
          address: z.string(),
          port: z.number(),
          weight: z.number(),
          /** Connections that are open, and that have ended a moment ago. */
          active: z.number().default(0),
          inactive: z.number().default(0),
          /** Since it is in the table. */
          connections: z.number().default(0),
          packetsIn: z.number().default(0),
          packetsOut: z.number().default(0),
          bytesIn: z.number().default(0),
          bytesOut: z.number().default(0),
        }),
      ),
    }),
  ),
});

export type IpvsStatus = z.infer<typeof ipvsSchema>;

/** What a person has said of all requests. */
const maintenanceSchema = z.object({
  since: z.string(),
  by: z.string(),
  reason: z.string().optional(),
  retryAfter: z.number(),
  allowed: listOf(z.string()),
});

export type MaintenanceStatus = z.infer<typeof maintenanceSchema>;

const statusSchema = z.object({
  revision: z.string(),
  holdsVirtualAddress: z.boolean(),
  overlay: z.object({ revision: z.number(), by: z.string() }).optional(),
  operator: z
    .object({ revision: z.number(), by: z.string(), maintenance: maintenanceSchema.optional() })
    .optional(),
  lease: z.object({ holder: z.string(), secondsLeft: z.number() }).nullish(),
  ipvs: ipvsSchema.optional(),
  pools: z.record(
    z.string(),
    z.object({
      algorithm: z.unknown(),
      members: z.array(memberSchema),
      /** Since nginx started. A balancer of an earlier image tells none, nor does one of layer 4. */
      retries: z.object({ made: z.number(), refused: z.number() }).optional(),
    }),
  ),
});

export type BalancerStatus = z.infer<typeof statusSchema>;
export type MemberStatus = z.infer<typeof memberSchema>;

/** What a balancer answered on its control socket; null when that is nothing that we can read. */
export function readBalancerStatus(answer: unknown): BalancerStatus | null {
  const parsed = statusSchema.safeParse(answer);
  return parsed.success ? parsed.data : null;
}
