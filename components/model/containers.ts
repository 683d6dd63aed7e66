import type { AccessorySpec, ClusterSpec, PoolSpec, WorkerSpec } from "./spec.ts";

/** Whatever in a stack is made into containers. */
export interface Described {
  /** Where the stack has it, e.g. `pools.web`. */
  readonly path: string;
  /** By what its image is known to the planner, where it is built: `pool:web`, `accessory:db`, `worker:mail`. */
  readonly image: string;
  /** What names an image that is built for it. */
  readonly name: string;
  readonly container: Pick<
    PoolSpec | AccessorySpec | WorkerSpec,
    keyof PoolSpec & keyof AccessorySpec & keyof WorkerSpec
  >;
}

/** All pools by their ids, then all accessories and workers. */
export function containersOf({
  pools,
  accessories,
  workers,
}: Pick<ClusterSpec, "pools" | "accessories" | "workers">): Described[] {
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
    ...Object.entries(workers).map(([name, worker]) => ({
      path: `workers.${name}`,
      image: `worker:${name}`,
      name,
      container: worker,
    })),
  ];
}
