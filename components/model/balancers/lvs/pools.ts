import type { LvsSpec } from "../../spec.ts";

/** The same with the pools of its services by their ids. */
export function lvsWithPools(balancer: LvsSpec, idOf: (name: string) => string): LvsSpec {
  return {
    ...balancer,
    services: balancer.services.map((service) => ({ ...service, pool: idOf(service.pool) })),
  };
}
