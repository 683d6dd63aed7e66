import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../contract.ts";

/** Sets how many processes and threads a container may have. */
export type LimitProcesses = (containerId: string, most: number) => Promise<void>;

/** Machines of the kit's own: a few dozen each. */
const ofOurs = 256;

/** Nodes: more than servers have, fewer than end a host. */
export const ofNodes = 2048;

/**
 * A place whose containers have a bound of processes, so that none of them can take all that the host has. The provider has no
 * argument for it, so the engine is asked right after each container is made; it keeps the bound for as long as the container lives.
 */
export function bounded<P extends Place>(
  name: string,
  place: P,
  limitProcesses: LimitProcesses | undefined,
  most = ofOurs,
): P {
  if (limitProcesses === undefined) return place;
  const hook = new pulumi.ResourceHook(`${name}-processes`, async ({ type, id }) => {
    // The place is that of the machine's volumes, too.
    if (type === "docker:index/container:Container") await limitProcesses(id, most);
  });
  return { ...place, options: { ...place.options, hooks: { afterCreate: [hook] } } };
}

/** The same for a node. */
export function boundedNode<P extends Place>(name: string, place: P, limit: LimitProcesses | undefined): P {
  return bounded(name, place, limit, ofNodes);
}
