import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelPrefix } from "../../plan/labels.ts";
import type { FilterPlan } from "../../plan/types.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { containerArgs, labelList, readOnlyRoot } from "./container.ts";

/** Where the filter offers its socket; the images' programs know it too. */
export const filterFolder = "/run/filter";

/**
 * The filter: the only container of a cluster that has the Docker socket. It has no network, no capability and no file of
 * its own; who shares its volume may ask it.
 *
 * @param engineSocket path of the engine's socket on the engine's host
 */
export function createFilter(
  name: string,
  filter: FilterPlan,
  place: NetworkedPlace,
  engineSocket: string,
  transform = (args: docker.ContainerArgs) => args,
): ProvisionedMachine {
  const volume = new docker.Volume(
    name,
    { name: filter.name, labels: labelList(place.labels) },
    place.options,
  );
  const { networksAdvanced: _, ...common } = containerArgs({ ...filter, address: "" }, place);
  const container = new docker.Container(
    name,
    transform({
      ...common,
      networkMode: "none",
      ...readOnlyRoot(),
      restart: "always",
      capabilities: { drops: ["ALL"] },
      envs: ["owner", "stack"].map(
        (what) => `HOTSPARE_${what.toUpperCase()}=${place.labels[`${labelPrefix}${what}`]}`,
      ),
      volumes: [
        { volumeName: volume.name, containerPath: filterFolder },
        { hostPath: engineSocket, containerPath: "/run/docker.sock" },
      ],
      destroyGraceSeconds: 2,
    }),
    place.options,
  );
  return {
    id: container.id,
    address: pulumi.output(""),
    ready: [container],
    resources: { volume, container },
  };
}
