import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AccessoryPlan } from "../../plan/types.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { containerArgs, cpuShares } from "./container.ts";
import { type FillVolume, withFiles } from "./files.ts";
import { environment } from "./node.ts";
import { givenOptions } from "./options.ts";

/**
 * An accessory. Its address is Docker's to give, and another one after a restart: it is asked by its name. Docker brings it back when it
 * ends by itself. A container of its name can't be made beside it, so what replaces it comes after it.
 */
export function createAccessory(
  name: string,
  accessory: AccessoryPlan,
  outer: NetworkedPlace,
  transform = (args: docker.ContainerArgs, _: AccessoryPlan) => args,
  fill?: FillVolume,
): ProvisionedMachine {
  const { place, binds, resources } = withFiles(name, accessory.name, accessory, outer, fill);
  const grace = Math.ceil(accessory.stopGrace / 1000);
  const container = new docker.Container(
    name,
    transform(
      {
        ...containerArgs({ ...accessory, address: "" }, place),
        networksAdvanced: [{ name: place.network.id, aliases: [accessory.key] }],
        cpuShares: cpuShares.node,
        restart: "always",
        envs: environment(accessory, place),
        ...givenOptions(accessory, binds),
        ...readiness(accessory),
        destroyGraceSeconds: grace,
        stopTimeout: grace,
      },
      accessory,
    ),
    { ...place.options, deleteBeforeReplace: true },
  );
  return {
    id: container.id,
    address: pulumi.output(accessory.key),
    ready: [container],
    resources: { ...resources, container },
  };
}

/** The provider waits until Docker calls it healthy; it is asked each second, and failures count only once its time is over. */
function readiness({ ready }: AccessoryPlan): Partial<docker.ContainerArgs> {
  if (ready === null) return {};
  const seconds = Math.ceil(ready.startup / 1000);
  return {
    healthcheck: {
      tests: ["CMD", ...ready.command],
      interval: "1s",
      timeout: "5s",
      startPeriod: `${seconds}s`,
      retries: 3,
    },
    wait: true,
    waitTimeout: seconds,
  };
}
