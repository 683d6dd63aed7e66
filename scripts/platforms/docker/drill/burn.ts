import type { Duplex } from "node:stream";
import type Docker from "dockerode";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { imageRef } from "../../../../infra/images.ts";
import type { Burning } from "../../../drill/platform.ts";
import { drillLabel } from "../view.ts";

/** Computes until its input ends, and so goes with us however we go. */
const loop = "while :; do :; done & read -r _; kill $!";

/**
 * Containers that take the processor away. One a loop: the kernel shares processors out among containers first, so twenty loops in one
 * would weigh no more than one.
 */
export async function burn(
  docker: Docker,
  plan: ClusterPlan,
  stack: string,
  loops: number,
): Promise<Burning> {
  const made: { readonly container: Docker.Container; readonly attached: Duplex }[] = [];
  const remove = async () => {
    await Promise.all(made.map(({ container }) => container.remove({ force: true }).catch(() => undefined)));
    for (const { attached } of made) attached.destroy();
  };
  const one = async () => {
    const container = await docker.createContainer({
      Image: imageRef("node"),
      Cmd: ["/bin/sh", "-c", loop],
      Labels: drillLabel({ owner: plan.owner, stack }),
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: { NetworkMode: "none", AutoRemove: true, CapDrop: ["ALL"] },
    });
    const attached = (await container.attach({ stream: true, stdin: true, hijack: true })) as Duplex;
    attached.on("error", () => undefined);
    made.push({ container, attached });
    return container;
  };
  try {
    // Started last and together: each that runs makes it slower to make the next.
    const containers = await Promise.all(Array.from({ length: loops }, one));
    await Promise.all(containers.map((container) => container.start()));
  } catch (error) {
    await remove();
    throw error;
  }
  return { remove };
}
