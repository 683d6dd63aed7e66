import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "../../model/secret.ts";
import type { NodePlan } from "../../plan/types.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { containerArgs, cpuShares } from "./container.ts";

/** A node. It needs no capability at all: it listens on a high port and changes nothing of the system. */
export function createNode(
  name: string,
  node: NodePlan,
  place: NetworkedPlace,
  transform = (args: docker.ContainerArgs, _: NodePlan) => args,
): ProvisionedMachine {
  const container = new docker.Container(
    name,
    transform(
      {
        ...containerArgs(node, place),
        cpuShares: cpuShares.node,
        ...power(node),
        envs: environment(node, place),
        capabilities: { drops: ["ALL"] },
        destroyGraceSeconds: Math.ceil(node.stopGrace / 1000),
        stopTimeout: Math.ceil(node.stopGrace / 1000),
      },
      node,
    ),
    // A replacement is made first: it has a name and an address of its own, and the old one serves until it has proved itself.
    { ...place.options, deleteBeforeReplace: false },
  );
  return {
    id: container.id,
    address: pulumi.output(node.address),
    ready: [container],
    resources: { container },
  };
}

/**
 * A cold standby is made but not started. `mustRun: false` keeps it from being drift once something else starts it, and
 * `unless-stopped` brings it back after a restart of the engine only when it was running then.
 */
function power(node: NodePlan): Pick<docker.ContainerArgs, "start" | "mustRun" | "restart"> {
  return node.role === "cold"
    ? { start: false, mustRun: false, restart: "unless-stopped" }
    : { restart: "always" };
}

function environment(node: NodePlan, place: NetworkedPlace): pulumi.Input<string>[] {
  return Object.entries(node.environment)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) =>
      isSecret(value) ? pulumi.interpolate`${key}=${place.secret(value.secret)}` : `${key}=${value}`,
    );
}
