import type { ClusterSpec, ImageSpec } from "../model/spec.ts";
import type { MachinePlan, PlanContext } from "./types.ts";

/** What every machine's plan begins with. */
export function machine(
  spec: ClusterSpec,
  context: PlanContext,
  key: string,
  image: string,
): Omit<MachinePlan, "address" | "cpus" | "memory"> {
  return { key, name: machineName(spec.id, context.owner, key), hostname: key, image };
}

/** Name on the platform: the owner's first four digits keep two owners' clusters of one name apart. */
export function machineName(cluster: string, owner: string, key: string): string {
  return `${cluster}-${owner.slice(0, 4)}-${key}`;
}

/** Name of a volume on the platform. @param of key of the machine that has it, or what stands for all of a pool */
export function volumeName(
  { id }: Pick<ClusterSpec, "id">,
  { owner }: Pick<PlanContext, "owner">,
  of: string,
  volume: string,
): string {
  return `${machineName(id, owner, of)}-${volume}`;
}

/** Reference of one of the kit's own images, or of a pool's that is built. */
export function imageOf(context: PlanContext, name: string): string {
  const reference = context.images[name];
  if (reference === undefined) throw new Error(`no image reference was given for "${name}"`);
  return reference;
}

/** Reference of a stack's own image. @param built by what it is known where it is built */
export function imageFor(context: PlanContext, built: string, image: ImageSpec): string {
  switch (image.kind) {
    case "sample":
      return imageOf(context, "node");
    case "build":
      return imageOf(context, built);
    case "reference":
      return image.reference;
    case "service":
      return "service";
    default:
      return image satisfies never;
  }
}

/** 1 … count. */
export function ordinals(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
