import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { isSecret } from "../../model/secret.ts";
import { balancerAddresses } from "../../plan/addresses.ts";
import { machineLabels } from "../../plan/labels.ts";
import { forwardsPackets } from "../../plan/tiers/forwards.ts";
import type { NodePlan } from "../../plan/types.ts";
import { virtualAddressOf } from "../../plan/virtual-address.ts";
import type { NetworkedPlace, ProvisionedMachine } from "../contract.ts";
import { containerArgs, cpuShares, readOnlyRoot } from "./container.ts";
import { directRouting } from "./director.ts";
import { type FillVolume, withFiles } from "./files.ts";
import { givenOptions } from "./options.ts";

/** A node. */
export function createNode(
  name: string,
  node: NodePlan,
  outer: NetworkedPlace,
  transform = (args: docker.ContainerArgs, _: NodePlan) => args,
  fill?: FillVolume,
): ProvisionedMachine {
  const { place, binds, resources } = withFiles(name, node.name, node, outer, fill);
  const holder = forwardsPackets(place.plan) ? holdAddress(name, node, outer) : null;
  const container = new docker.Container(
    name,
    transform(
      {
        ...(holder === null ? containerArgs(node, place) : inNetworkOf(holder, containerArgs(node, place))),
        cpuShares: cpuShares.node,
        ...power(node),
        envs: environment(node, place),
        ...nodeRoot(node, binds),
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
    resources: holder === null ? { ...resources, container } : { ...resources, container, holder },
  };
}

/**
 * Where packets come for the virtual address, a node has to have it: on its loopback card, so that it answers nobody's ARP. That takes
 * a right that no application should have, so a small container makes the network of each node and the node joins it; it stays the
 * same when the node is restarted, and a cold standby's waits for it. It goes with its node's generation alone: neither another image
 * nor another number of directors may replace a node.
 */
function holdAddress(name: string, node: NodePlan, place: NetworkedPlace): docker.Container {
  const [director] = place.plan.balancers;
  const args = containerArgs(
    {
      ...node,
      key: `${node.key}-net`,
      name: `${node.name}-net`,
      image: director?.image ?? node.image,
      cpus: 0.1,
      memory: holderMemory,
    },
    {
      ...place,
      labels: { ...place.labels, ...machineLabels({ key: `${node.key}-net`, role: "network" }) },
    },
  );
  return new docker.Container(
    `${name}-net`,
    {
      ...args,
      ...readOnlyRoot("1m"),
      hostname: node.hostname,
      command: [
        "hotspare-hold-address",
        virtualAddressOf(place.plan),
        // All that there could be: one more or less changes nothing here.
        ...balancerAddresses(place.plan.network.subnet),
      ],
      restart: "always",
      capabilities: { drops: ["ALL"], adds: ["CAP_NET_ADMIN"] },
      sysctls: directRouting,
      destroyGraceSeconds: 2,
    },
    { ...place.options, deleteBeforeReplace: false, ignoreChanges: [...holdersOwn] },
  );
}

/**
 * What a node's network keeps as it was made. The kit that made it may have been an older one, and its name is taken until its node goes:
 * another address of the clients changes a node's environment, and so brings another node.
 */
const holdersOwn = ["image", "command", "readOnly", "tmpfs"];

/** A shell that sleeps. */
const holderMemory = 16 * 1024 ** 2;

/** A container in another one's network: its name and address are that one's. */
function inNetworkOf(
  holder: docker.Container,
  { hostname: _, networksAdvanced: __, ...args }: docker.ContainerArgs,
): docker.ContainerArgs {
  return { ...args, networkMode: pulumi.interpolate`container:${holder.id}` };
}

/** What the stack gives it beside its image; where it may write nothing, also the two folders in memory that most programs need. */
function nodeRoot(node: NodePlan, binds: readonly docker.types.input.ContainerVolume[]) {
  const given = givenOptions(node, binds);
  if (!node.readOnly) return given;
  const { readOnly, tmpfs } = readOnlyRoot("64m");
  return { ...given, readOnly, tmpfs: { ...tmpfs, ...given.tmpfs } };
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

/** Variables in the provider's form, sorted so that their order is never a change. */
export function environment(
  { environment }: Pick<NodePlan, "environment">,
  place: NetworkedPlace,
): pulumi.Input<string>[] {
  return Object.entries(environment)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) =>
      isSecret(value) ? pulumi.interpolate`${key}=${place.secret(value.secret)}` : `${key}=${value}`,
    );
}
