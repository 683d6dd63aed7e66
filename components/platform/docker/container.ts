import type * as docker from "@pulumi/docker";
import { isSecret } from "../../model/secret.ts";
import type { MachinePlan, RenderedMachine } from "../../plan/types.ts";
import type { NetworkedPlace } from "../contract.ts";

type Label = { label: string; value: string };

/** Labels in the provider's form, sorted so that their order is never a change. */
export function labelList(labels: Readonly<Record<string, string>>): Label[] {
  return Object.entries(labels)
    .map(([label, value]) => ({ label, value }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** Where uploaded files are in a container; the images' programs know it too. */
const configFolder = "/etc/hotspare";

/** Files as part of a container's arguments, for those that hold no state: a change replaces the container. */
export function uploads({ machine, files }: RenderedMachine): { file: string; content: string }[] {
  return files.map(({ path, content }) => {
    if (isSecret(content))
      throw new Error(
        `${path}: the files of ${machine} are part of its container's arguments, so they can't hold secrets`,
      );
    return { file: `${configFolder}/${path}`, content };
  });
}

/**
 * Parts of the processor, where there is not enough for all; a container that says nothing has 1024. Twenty programs that compute beside a
 * cluster leave each of its containers a twentieth: then balancers can neither serve nor say that they live, and nodes have to
 * answer in turn with them. Each container's CPU limit bounds what it can take from others.
 *
 * - `through`: what all requests go through. It computes little, and everybody waits for it.
 * - `node`: what answers requests, before what computes for nobody who waits.
 */
export const cpuShares = { through: 16_384, node: 4096 } as const;

/**
 * What all containers of a cluster have in common.
 *
 * - `memorySwap` is twice the memory: Docker's own default, which the provider sees as drift when it isn't written.
 * - `cpus` is written as the provider reads it back (`1.0`), or every refresh would replace the container.
 * - Logs are bounded: 3 files of 10 MB, so that a node that complains can't fill the disk.
 * - `no-new-privileges`: nothing in a container can gain rights by a setuid binary.
 */
export function containerArgs(machine: MachinePlan, place: NetworkedPlace): docker.ContainerArgs {
  const megabytes = Math.ceil(machine.memory / 1024 ** 2);
  return {
    name: machine.name,
    hostname: machine.hostname,
    image: machine.image,
    networksAdvanced: [{ name: place.network.id, ipv4Address: machine.address, aliases: [machine.key] }],
    memory: megabytes,
    memorySwap: megabytes * 2,
    cpus: Number.isInteger(machine.cpus) ? machine.cpus.toFixed(1) : String(machine.cpus),
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    securityOpts: ["no-new-privileges"],
    labels: labelList(place.labels),
  };
}
