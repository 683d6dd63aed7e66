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

const statusSchema = z.object({
  revision: z.string(),
  holdsVirtualAddress: z.boolean(),
  overlay: z.object({ revision: z.number(), by: z.string() }).optional(),
  operator: z.object({ revision: z.number(), by: z.string() }).optional(),
  lease: z.object({ holder: z.string(), secondsLeft: z.number() }).nullish(),
  pools: z.record(z.string(), z.object({ algorithm: z.unknown(), members: z.array(memberSchema) })),
});

export type BalancerStatus = z.infer<typeof statusSchema>;
export type MemberStatus = z.infer<typeof memberSchema>;

/** What a balancer answered on its control socket; null when that is nothing that we can read. */
export function readBalancerStatus(answer: unknown): BalancerStatus | null {
  const parsed = statusSchema.safeParse(answer);
  return parsed.success ? parsed.data : null;
}
