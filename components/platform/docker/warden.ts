import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { WardenPlan } from "../../plan/types.ts";
import { runFolder } from "../../render/paths.ts";
import type { ProvisionedMachine, WardenPlace } from "../contract.ts";
import { containerArgs, fileInEnvironment, labelList, readOnlyRoot } from "./container.ts";
import { filterFolder } from "./filter.ts";

/** Where a warden remembers; the image's programs know it too. */
const memoryFolder = "/var/lib/warden";

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
  // What it remembers of nodes, so that a new one is as patient with them.
  const memory = new docker.Volume(
    name,
    { name: warden.name, labels: labelList(place.labels) },
    place.options,
  );
  const container = new docker.Container(
    name,
    transform(
      {
        ...containerArgs(warden, place),
        ...readOnlyRoot(),
        restart: "always",
        capabilities: { drops: ["ALL"] },
        volumes: [
          { volumeName: memory.name, containerPath: memoryFolder },
          { volumeName: volumeName(place.balancer, "run"), containerPath: runFolder },
          ...(place.filter === null
            ? []
            : [{ volumeName: volumeName(place.filter, "volume"), containerPath: filterFolder }]),
        ],
        envs: fileInEnvironment(place.files),
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
    resources: { memory, container },
  };
}

function volumeName(machine: ProvisionedMachine, resource: string): pulumi.Output<string> {
  return (machine.resources[resource] as docker.Volume).name;
}
