import type { ClusterPlan } from "../../components/plan/types.ts";
import { virtualAddressOf } from "../../components/plan/virtual-address.ts";
import type { Order } from "../../infra/runtime/load/protocol.ts";

/** Where the load comes in: by TLS where the balancers end it, as clients do; the plain port may only redirect there. */
export function entranceOf(plan: ClusterPlan): Pick<Order, "host" | "port" | "tls" | "probePort"> {
  const { tls, httpPort } = plan.tier;
  return {
    host: virtualAddressOf(plan),
    port: tls?.port ?? httpPort,
    tls: tls !== null,
    probePort: httpPort,
  };
}
