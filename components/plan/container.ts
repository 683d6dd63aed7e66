import { type ContainerPart, containerParts, isSaid } from "../model/container.ts";
import type { ContainerSpec } from "../model/spec.ts";

/**
 * What a container is given beside its image, as far as the stack says something: what it doesn't say is left out, so that a kit that
 * learns another part replaces no node.
 */
export type ContainerOptions = {
  readonly [part in ContainerPart]?: NonNullable<ContainerSpec[part]>;
};

/** What the stack says of a container. */
export function containerOptions(spec: ContainerSpec): ContainerOptions {
  return Object.fromEntries(
    containerParts.flatMap((part) => (isSaid(spec[part]) ? [[part, spec[part]]] : [])),
  );
}
