import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AccessoryPlan, WorkerPlan } from "../../plan/types.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { containerArgs, cpuShares } from "./container.ts";
import { type FillVolume, withFiles } from "./files.ts";
import { environment } from "./node.ts";
import { givenOptions } from "./options.ts";

/** What an accessory and a worker have of their own, beside what all that stands beside the nodes has. */
export type OwnArgs = Partial<docker.ContainerArgs>;

/**
 * The container of what stands beside the nodes. Its address is Docker's to give, and another one after a restart: it is asked by its name. A
 * container of its name can't be made beside it, so what replaces it comes after it.
 */
export function createBeside<Plan extends AccessoryPlan | WorkerPlan>(
  name: string,
  machine: Plan,
  own: OwnArgs,
  outer: NetworkedPlace,
  transform: (args: docker.ContainerArgs, machine: Plan) => docker.ContainerArgs = (args) => args,
  fill?: FillVolume,
): ProvisionedMachine {
  const { place, binds, resources } = withFiles(name, machine.name, machine, outer, fill);
  const grace = Math.ceil(machine.stopGrace / 1000);
  const container = new docker.Container(
    name,
    transform(
      {
        ...containerArgs({ ...machine, address: "" }, place),
        networksAdvanced: [{ name: place.network.id, aliases: [machine.key] }],
        cpuShares: cpuShares.node,
        envs: environment(machine, place),
        ...givenOptions(machine, binds),
        ...own,
        destroyGraceSeconds: grace,
        stopTimeout: grace,
      },
      machine,
    ),
    { ...place.options, deleteBeforeReplace: true },
  );
  return {
    id: container.id,
    address: pulumi.output(machine.key),
    ready: [container],
    resources: { ...resources, container },
  };
}

/** A command that Docker asks each second; failures count only once `startup` (milliseconds) is over. */
export function askedEachSecond(tests: string[], startup: number): docker.ContainerArgs["healthcheck"] {
  return { tests, interval: "1s", timeout: "5s", startPeriod: `${wholeSeconds(startup)}s`, retries: 3 };
}

/** The provider waits until Docker calls it healthy, as long as `startup` (milliseconds). */
export function awaited(startup: number): Pick<docker.ContainerArgs, "wait" | "waitTimeout"> {
  return { wait: true, waitTimeout: wholeSeconds(startup) };
}

const wholeSeconds = (milliseconds: number) => Math.ceil(milliseconds / 1000);
