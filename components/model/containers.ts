import type { AccessorySpec, ClusterSpec, PoolSpec } from "./spec.ts";

/** Whatever in a stack is made into containers. */
export interface Described {
  /** Where the stack has it, e.g. `pools.web`. */
  readonly path: string;
  /** By what its image is known to the planner, where it is built: `pool:web`, `accessory:db`. */
  readonly image: string;
  /** What names an image that is built for it. */
  readonly name: string;
  readonly container: Pick<PoolSpec | AccessorySpec, keyof PoolSpec & keyof AccessorySpec>;
}

/** All pools by their ids, then all accessories. */
export function containersOf({
  pools,
  accessories,
}: Pick<ClusterSpec, "pools" | "accessories">): Described[] {
  return [
    ...Object.entries(pools).map(([id, pool]) => ({
      path: `pools.${pool.name}`,
      image: `pool:${id}`,
      name: id,
      container: pool,
    })),
    ...Object.entries(accessories).map(([name, accessory]) => ({
      path: `accessories.${name}`,
      image: `accessory:${name}`,
      name,
      container: accessory,
    })),
  ];
}
