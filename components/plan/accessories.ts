import type { ClusterSpec } from "../model/spec.ts";
import { containerOptions, environmentOf } from "./container.ts";
import { imageFor, machine, volumeName } from "./machine.ts";
import type { AccessoryPlan, ClusterPlan, PlanContext } from "./types.ts";

/** The accessories; nothing where the stack has none, as it was before there were any. */
export function planAccessories(spec: ClusterSpec, context: PlanContext): Pick<ClusterPlan, "accessories"> {
  const accessories = Object.entries(spec.accessories).map(
    ([name, accessory]): AccessoryPlan => ({
      ...machine(spec, context, name, imageFor(context, `accessory:${name}`, accessory.image)),
      role: "accessory",
      environment: { HOTSPARE_CLUSTER: spec.id, ...environmentOf(accessory, context) },
      cpus: accessory.cpus,
      memory: accessory.memory,
      stopGrace: accessory.stopGrace,
      ready: accessory.ready,
      backup: accessory.backup,
      restoration: accessory.restoration,
      ...containerOptions(accessory, context, (volume) => volumeName(spec, context, name, volume)),
    }),
  );
  return accessories.length === 0 ? {} : { accessories };
}
