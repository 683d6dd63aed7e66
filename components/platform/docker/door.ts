import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DoorPlan, DoorService, RenderedMachine } from "../../plan/types.ts";
import { temporaryFolder } from "../../render/paths.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { containerArgs, cpuShares, fileInEnvironment, labelList, readOnlyRoot } from "./container.ts";

/** The door: a published port on the host's loopback address. Its file is part of the container, since it holds no state. */
export function createDoor(
  name: string,
  door: DoorPlan,
  files: RenderedMachine,
  place: NetworkedPlace,
  transform = (args: docker.ContainerArgs) => args,
): ProvisionedMachine {
  const published = (door.services ?? httpServices(door)).map(({ protocol, port, hostPort }) => ({
    internal: port,
    external: hostPort,
    ip: "127.0.0.1",
    // Docker's own default is left out, or every refresh would see a change.
    ...(protocol === "tcp" ? {} : { protocol }),
  }));
  const temporary = new docker.Volume(
    `${name}-temp`,
    { name: `${door.name}-temp`, labels: labelList(place.labels) },
    place.options,
  );
  const container = new docker.Container(
    name,
    transform({
      ...containerArgs(door, place),
      cpuShares: cpuShares.through,
      ...readOnlyRoot(),
      command: ["hotspare-entry"],
      restart: "always",
      ports: published,
      // A connection to a balancer that is gone is noticed within four seconds, not two hours.
      sysctls: {
        "net.ipv4.tcp_keepalive_time": "1",
        "net.ipv4.tcp_keepalive_intvl": "1",
        "net.ipv4.tcp_keepalive_probes": "3",
      },
      capabilities: {
        drops: ["ALL"],
        adds: ["CAP_CHOWN", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETUID"],
      },
      envs: fileInEnvironment(files),
      volumes: [{ volumeName: temporary.name, containerPath: temporaryFolder }],
      destroyGraceSeconds: 5,
    }),
    place.options,
  );
  return {
    id: container.id,
    address: pulumi.output(door.address),
    ready: [container],
    resources: { temporary, container },
  };
}

function httpServices({ httpPort, tlsPort }: DoorPlan): DoorService[] {
  const tcp = (port: number, hostPort: number): DoorService => ({ protocol: "tcp", port, hostPort });
  return [tcp(80, httpPort), ...(tlsPort === null ? [] : [tcp(443, tlsPort)])];
}
