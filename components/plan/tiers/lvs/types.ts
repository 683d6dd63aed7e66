import type { LvsSpec } from "../../../model/spec.ts";
import type { AnyTierPlan } from "../common.ts";

/** A tier of directors. `httpPort` is that of its first TCP service, whatever is spoken there. */
export interface LvsTierPlan extends AnyTierPlan {
  readonly kind: "lvs";
  readonly forwarding: LvsSpec["forwarding"];
  readonly services: readonly ServicePlan[];
  /** Milliseconds for which an open connection stays at a member that fails its checks; left out: as at nodes (node-faults.ts). */
  readonly givenUpAfter?: number;
}

/** A port of the virtual address, with everything that IPVS is told. */
export interface ServicePlan {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** Id of the pool that answers. */
  readonly pool: string;
  /** As IPVS knows it (ipvsadm(8)). */
  readonly scheduler: "rr" | "wrr" | "lc" | "wlc" | "sh" | "mh" | "sed" | "nq" | "lblc";
  /** Options of the scheduler. */
  readonly flags: readonly string[];
  /** Seconds that a client stays at its node; null for none. */
  readonly persistence: number | null;
}
