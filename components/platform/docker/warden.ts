import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { WardenPlan } from "../../plan/types.ts";
import { runFolder } from "../../render/paths.ts";
import type { ProvisionedMachine, WardenPlace } from "../contract.ts";
import { containerArgs, uploads } from "./container.ts";
import { filterFolder } from "./filter.ts";

/**
 * A warden: no capability, no account, no Docker socket. It has the folder of its balancer's control socket and that of
 * the filter's. Its one file is part of the container: the folder of the balancer's files has the TLS key, which is
 * no business of a warden.
 */
export function createWarden(
  name: string,
  warden: WardenPlan,
  place: WardenPlace,
  transform = (args: docker.ContainerArgs, _: WardenPlan) => args,
): ProvisionedMachine {
  const container = new docker.Container(
    name,
    transform(
      {
        ...containerArgs(warden, place),
        restart: "always",
        capabilities: { drops: ["ALL"] },
        volumes: [
          { volumeName: volumeName(place.balancer, "run"), containerPath: runFolder },
          ...(place.filter === null
            ? []
            : [{ volumeName: volumeName(place.filter, "volume"), containerPath: filterFolder }]),
        ],
        uploads: uploads(place.files),
        destroyGraceSeconds: 2,
      },
      warden,
    ),
    place.options,
  );
  return {
    id: container.id,
    address: pulumi.output(warden.address),
    ready: [container],
    resources: { container },
  };
}

function volumeName(machine: ProvisionedMachine, resource: string): pulumi.Output<string> {
  return (machine.resources[resource] as docker.Volume).name;
}
