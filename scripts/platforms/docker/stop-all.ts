import type Docker from "dockerode";
import { type ContainerView, listContainers, type Ownership } from "./view.ts";

/** Who ends first: who lets clients in, then who serves them, then what those need. */
const order: readonly (readonly string[])[] = [
  ["door", "warden", "balancer"],
  [],
  ["accessory", "filter", "network"],
];
const others = 1;

/** Seconds until a container is killed, where it isn't its own time to end that counts. */
const grace: Readonly<Record<string, number>> = { door: 5, warden: 2, filter: 2, network: 2 };

/**
 * Stops all containers of a cluster, those of a kind at once: the engine, which removes them afterwards, would wait for each balancer before
 * it turns to the next, and finds them ended then. What can't be stopped here is left to it.
 *
 * @param signal ends it: nobody else is stopped, and nobody's end is waited for any more
 */
export async function stopAll(docker: Docker, ownership: Ownership, signal: AbortSignal): Promise<void> {
  // A paused one can't end: its whole time would pass.
  const running = (await listContainers(docker, ownership)).filter(({ state }) => state === "running");
  for (const [place] of order.entries()) {
    if (signal.aborted) return;
    const now = running.filter(({ role }) => placeOf(role) === place);
    await Promise.all(now.map((view) => stop(docker, view, signal).catch(() => undefined)));
  }
}

function placeOf(role: string): number {
  const place = order.findIndex((roles) => roles.includes(role));
  return place === -1 ? others : place;
}

async function stop(docker: Docker, { id, role }: ContainerView, abortSignal: AbortSignal): Promise<void> {
  const seconds = grace[role];
  await docker.getContainer(id).stop({ abortSignal, ...(seconds === undefined ? {} : { t: seconds }) });
}
