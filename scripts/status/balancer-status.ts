import type Docker from "dockerode";
import { z } from "zod";
import { dockerTransport } from "../../components/platform/docker/transport.ts";
import { BalancerControl } from "../../components/platform/planned/balancer-control.ts";

/** What a balancer says of one member; unknown fields are left alone, since the image may be newer than we are. */
const memberSchema = z.object({
  key: z.string(),
  role: z.string(),
  /** What `up` wanted; another role is the warden's doing. A balancer of an earlier image tells none. */
  desiredRole: z.string().optional(),
  weight: z.number(),
  healthy: z.boolean().nullable(),
  inRotation: z.boolean(),
  inFlight: z.number(),
  requests: z.number(),
  failures: z.number(),
});

const statusSchema = z.object({
  revision: z.string(),
  holdsVirtualAddress: z.boolean(),
  overlay: z.object({ revision: z.number(), by: z.string() }).optional(),
  lease: z.object({ holder: z.string(), secondsLeft: z.number() }).nullish(),
  pools: z.record(z.string(), z.object({ algorithm: z.unknown(), members: z.array(memberSchema) })),
});

export type BalancerStatus = z.infer<typeof statusSchema>;
export type MemberStatus = z.infer<typeof memberSchema>;

/** Seconds: who waits for a status would rather hear that one doesn't answer. */
const patience = 2;

/** Asks a running balancer on its own socket; null when it doesn't answer. */
export async function balancerStatus(docker: Docker, containerId: string): Promise<BalancerStatus | null> {
  try {
    const status = await new BalancerControl(dockerTransport(docker), containerId).status(patience);
    return status === null ? null : statusSchema.parse(status);
  } catch {
    return null;
  }
}
