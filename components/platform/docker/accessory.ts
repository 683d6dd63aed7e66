import type * as docker from "@pulumi/docker";
import type { AccessoryPlan } from "../../plan/types.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { askedEachSecond, awaited, createBeside, type OwnArgs } from "./beside.ts";
import type { FillVolume } from "./files.ts";

/** An accessory. Docker brings it back when it ends by itself. */
export function createAccessory(
  name: string,
  accessory: AccessoryPlan,
  place: NetworkedPlace,
  transform?: (args: docker.ContainerArgs, accessory: AccessoryPlan) => docker.ContainerArgs,
  fill?: FillVolume,
): ProvisionedMachine {
  const own = { restart: "always", ...readiness(accessory) };
  return createBeside(name, accessory, own, place, transform, fill);
}

function readiness({ ready }: AccessoryPlan): OwnArgs {
  if (ready === null) return {};
  return {
    healthcheck: askedEachSecond(["CMD", ...ready.command], ready.startup),
    ...awaited(ready.startup),
  };
}
