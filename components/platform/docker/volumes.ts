import * as pulumi from "@pulumi/pulumi";
import type { ContainerOptions } from "../../plan/container-options.ts";
import { clusterLabels, keptLabel } from "../../plan/labels.ts";
import type { Place } from "../contract.ts";

/** Makes a volume, or leaves the one that is there as it is. */
export type MakeVolume = (name: string, labels: Readonly<Record<string, string>>) => Promise<void>;

/**
 * A place whose container finds its volumes. They are no resources of the engine: none of its steps can delete them, and whoever loses the
 * state keeps the data. Their label keeps them from being swept as leftovers.
 */
export function withVolumes<P extends Place>(
  name: string,
  { volumes = {} }: Pick<ContainerOptions, "volumes">,
  place: P,
  make: MakeVolume | undefined,
): P {
  const planned = Object.entries(volumes);
  if (make === undefined || planned.length === 0) return place;
  // Not those of the machine: another one has it tomorrow.
  const labels = Object.fromEntries(
    Object.keys(clusterLabels(place.plan, "")).map((label) => [label, place.labels[label] ?? ""]),
  );
  const hook = new pulumi.ResourceHook(`${name}-volumes`, async () => {
    for (const [short, { volume }] of planned) await make(volume, { ...labels, [keptLabel]: short });
  });
  const { hooks } = place.options;
  return { ...place, options: { ...place.options, hooks: { ...hooks, beforeCreate: [hook] } } };
}
