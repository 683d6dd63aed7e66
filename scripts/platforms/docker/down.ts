import type Docker from "dockerode";
import { counted } from "../../../components/model/words.ts";
import { dockerTransport } from "../../../components/platform/docker/transport.ts";
import { holdLease } from "../../../components/platform/planned/lease.ts";
import { isOutside, type StateResource } from "../../engine/state.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { currentOwner } from "../../stacks.ts";
import { allParts } from "../../toolchain/parts.ts";
import { readyPulumi } from "../../toolchain/ready.ts";
import type { DownWork, PlatformDown } from "../contract.ts";
import { runningDocker } from "./connect.ts";
import { removeAllLeftovers } from "./leftovers.ts";
import { forgetEngine, mustBeSameEngine } from "./same-engine.ts";
import { stopAll } from "./stop-all.ts";
import { keptVolumes, stillUsed, sweep, sweepBeside, sweptCount } from "./sweep.ts";
import { listContainers, ownershipLabels } from "./view.ts";

/** A `down` on Docker. What the state has lost is found by its labels. */
export async function beginDown({ stack, progress, volumes }: DownWork): Promise<PlatformDown> {
  const docker = await runningDocker();
  const ownership = { owner: currentOwner(), stack };
  const before = (await listContainers(docker, ownership)).length;
  return {
    ready: () => readyPulumi(progress, allParts),
    beforeDestroy: async (resources) => {
      if (resources?.some(isOutside)) await mustBeSameEngine(docker, stack);
      // Else a warden could start again what is just being stopped.
      await holdLease(
        dockerTransport(docker),
        ownershipLabels(ownership),
        `./hotspare down (process ${process.pid})`,
      );
      const beside = await sweepBeside(docker, ownership, volumes);
      if (beside.length > 0) progress.note(`Ended what ran beside the cluster: ${beside.join(", ")}`);
      if (resources === null) return false;
      return removeAllLeftovers({ docker, stack, owner: ownership.owner, progress }, resources);
    },
    // The engine would give each its time to end, one after the other.
    whileDestroying: (signal) => stopAll(docker, ownership, signal).catch(() => undefined),
    removeByForce: async (resources) => {
      await sweep(docker, ownership);
      return remaining(docker, resources);
    },
    finish: async ({ removed }) => {
      const { inUse, ...swept } = await sweep(docker, ownership, new Set(), volumes);
      const kept = await keptVolumes(docker, ownership);
      const again = `./hotspare down ${stack}${volumes ? " --volumes" : ""}`;
      const left = inUse.length === 0 ? null : `${stillUsed(inUse)}; remove those and run \`${again}\` again`;
      const staying =
        kept.length === 0 || volumes
          ? ""
          : `; ${kept.join(", ")} stay${kept.length === 1 ? "s" : ""} with the data: \`./hotspare down ${stack} --volumes\` removes what is left`;
      forgetEngine(stack);
      if (!removed && sweptCount(swept) === 0) {
        if (left !== null) throw new UserError(left, exitCodes.degraded);
        throw new UserError(
          `nothing of the stack "${stack}" is there, neither in the state nor on the Docker Engine${staying}`,
          exitCodes.nothingThere,
        );
      }
      return {
        document: { stack, removedContainers: before, sweptByLabel: swept, keptVolumes: kept },
        sentence: `Removed ${counted(before, "container")} of "${stack}", its network and its volumes${staying}.`,
        left,
      };
    },
  };
}

type Look = (docker: Docker, id: string) => Promise<unknown>;

/** How it is seen whether a resource is still there. Images stay on purpose: a state only refers to them. */
const looks: Readonly<Record<string, Look>> = {
  "docker:index/container:Container": (docker, id) => docker.getContainer(id).inspect(),
  "docker:index/network:Network": (docker, id) => docker.getNetwork(id).inspect(),
  "docker:index/volume:Volume": (docker, id) => docker.getVolume(id).inspect(),
};

/** Those of a state's resources that are still there, or that the Docker Engine can't tell of. */
export async function remaining(
  docker: Docker,
  resources: readonly StateResource[],
): Promise<StateResource[]> {
  const outside = resources.filter(isOutside);
  const there = await Promise.all(
    outside.map(async ({ type, id }) => {
      const look = looks[type];
      if (look === undefined || id === undefined) return true;
      return look(docker, id).then(
        () => true,
        (error: { statusCode?: number }) => error.statusCode !== 404,
      );
    }),
  );
  return outside.filter((_, index) => there[index]);
}
