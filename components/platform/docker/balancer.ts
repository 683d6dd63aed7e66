import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { forwardsPackets } from "../../plan/tiers/forwards.ts";
import type { BalancerPlan } from "../../plan/types.ts";
import { runFolder, stateFolder, temporaryFolder } from "../../render/paths.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { containerArgs, cpuShares, labelList, readOnlyRoot } from "./container.ts";
import { directorRights, directRouting } from "./director.ts";

/**
 * What a balancer may do beyond an ordinary process:
 * NET_ADMIN moves the virtual address, NET_RAW sends VRRP adverts and gratuitous ARP, NET_BIND_SERVICE opens ports below
 * 1024, SETUID, SETGID and CHOWN let nginx give its workers to www-data, KILL lets the entry end leftover workers.
 */
const capabilities = ["CHOWN", "KILL", "NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW", "SETGID", "SETUID"];

/** A balancer: a container that waits for its files, and a volume that keeps them when the container is replaced. */
export function createBalancer(
  name: string,
  balancer: BalancerPlan,
  place: NetworkedPlace,
  transform = (args: docker.ContainerArgs, _: BalancerPlan) => args,
): ProvisionedMachine {
  const volume = new docker.Volume(
    name,
    { name: balancer.name, labels: labelList(place.labels) },
    place.options,
  );
  const run = new docker.Volume(
    `${name}-run`,
    { name: `${balancer.name}-run`, labels: labelList(place.labels) },
    place.options,
  );
  const args = containerArgs(balancer, place);
  const more = forwardsPackets(place.plan) ? directorRights : null;
  // Bodies and answers that don't fit in memory, which a volume in memory would take all the same.
  const temporary = new docker.Volume(
    `${name}-temp`,
    { name: `${balancer.name}-temp`, labels: labelList(place.labels) },
    place.options,
  );
  const container = new docker.Container(
    name,
    transform(
      {
        ...args,
        ...(more === null ? readOnlyRoot() : {}),
        cpuShares: cpuShares.through,
        restart: "always",
        // Without the prefix every refresh would replace the container.
        capabilities: {
          drops: ["ALL"],
          adds: [...capabilities, ...(more?.capabilities ?? [])]
            .sort()
            .map((capability) => `CAP_${capability}`),
        },
        ...(more === null
          ? {}
          : {
              securityOpts: [...((args.securityOpts ?? []) as string[]), ...more.securityOpts],
              tmpfs: { ...more.tmpfs },
            }),
        // The entry keeps the virtual address on `lo` as well, so that requests under way end well while it moves; these
        // keep the kernel from answering ARP for it there.
        sysctls: { ...directRouting, ...more?.sysctls },
        volumes: [
          { volumeName: volume.name, containerPath: stateFolder },
          { volumeName: run.name, containerPath: runFolder },
          { volumeName: temporary.name, containerPath: temporaryFolder },
        ],
        destroyGraceSeconds: 10,
      },
      balancer,
    ),
    place.options,
  );
  return {
    id: container.id,
    address: pulumi.output(balancer.address),
    ready: [container],
    resources: { volume, run, temporary, container },
  };
}
