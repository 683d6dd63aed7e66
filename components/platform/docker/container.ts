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

/**
 * The one file of a container that holds no state, in its environment: a change replaces the container. Docker refuses uploads into a
 * root that is read only, and a volume would have to be filled before the container starts. A variable may
 * have 128 KiB (execve(2), MAX_ARG_STRLEN), so a long file is cut; the images' programs put `HOTSPARE_FILE_0` and so on together.
 */
export function fileInEnvironment({ machine, files }: RenderedMachine): string[] {
  return files.flatMap(({ path, content }) => {
    if (isSecret(content))
      throw new Error(
        `${path}: the files of ${machine} are part of its container's arguments, so they can't hold secrets`,
      );
    const pieces = content.match(/[\s\S]{1,30000}/gu) ?? [];
    return pieces.map((piece, index) => `HOTSPARE_FILE_${index}=${piece}`);
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
 * What the kit's own containers have beyond the common, and nodes that the stack wants so: a root that can only be read. What is written
 * goes to volumes, and to `/run` and `/tmp` in memory, which are empty after each start.
 *
 * @param size of each of the two, at most; counts as the container's memory
 */
export function readOnlyRoot(size = "16m"): Pick<docker.ContainerArgs, "readOnly" | "tmpfs"> {
  return {
    readOnly: true,
    tmpfs: { "/run": `size=${size},mode=755,nosuid,nodev`, "/tmp": `size=${size},nosuid,nodev` },
  };
}

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
