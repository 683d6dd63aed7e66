import type { MachinePlatform } from "../contract.ts";
import { deliverBy } from "../planned/deliver-by.ts";
import { metalPlatform } from "./index.ts";
import { sshTransport } from "./transport.ts";

/** What this adapter needs from outside the program: nothing but ssh, which finds keys and agents itself. */
export type MetalAccess = Readonly<Record<string, never>>;

/** The adapter with deliveries by SSH. */
export function metalBySsh(): MachinePlatform {
  return metalPlatform({ deliverFiles: (plan) => deliverBy(sshTransport(plan)) });
}
