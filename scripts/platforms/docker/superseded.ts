import type Docker from "dockerode";
import { dockerTransport } from "../../../components/platform/docker/transport.ts";
import { BalancerControl } from "../../../components/platform/planned/balancer-control.ts";
import type { LeftoverArgs } from "./leftovers.ts";
import { listContainers } from "./view.ts";

/**
 * Removes nodes of releases that were refused. The engine keeps them until a later release is taken, and each of them has one
 * of the few addresses of its key, so after some refusals in a row there would be none left for the release that fixes it.
 * A node that a balancer sends requests to is never one of them, nor is the newest of its key, which the state means.
 */
export async function removeSuperseded({ docker, stack, owner, progress }: LeftoverArgs): Promise<void> {
  const views = await listContainers(docker, { owner, stack });
  const newest = new Map(views.map(({ key, generation }) => [key, generation]));
  const older = views.filter(({ key, generation }) => generation < (newest.get(key) ?? 0));
  if (older.length === 0) return;
  const serving = await servingAddresses(
    docker,
    views.filter(({ role, state }) => role === "balancer" && state === "running").map(({ id }) => id),
  );
  if (serving === null) return;
  const refused = older.filter(({ address }) => !serving.has(address));
  await Promise.all(refused.map(({ id }) => docker.getContainer(id).remove({ force: true, v: true })));
  if (refused.length > 0)
    progress.note(`Removed nodes of refused releases: ${refused.map(({ name }) => name).join(", ")}`);
}

/** Addresses that any balancer knows as a member; null when one doesn't tell. */
async function servingAddresses(docker: Docker, balancers: readonly string[]): Promise<Set<string> | null> {
  const transport = dockerTransport(docker);
  const documents = await Promise.all(
    balancers.map((id) => new BalancerControl(transport, id).members().catch(() => null)),
  );
  const known = documents.filter((document) => document !== null);
  if (known.length === 0 || known.length < documents.length) return null;
  return new Set(
    known.flatMap(({ pools }) =>
      Object.values(pools).flatMap(({ members }) => members.map(({ address }) => address)),
    ),
  );
}
