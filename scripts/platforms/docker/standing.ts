import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { labelPrefix } from "../../../components/plan/labels.ts";
import { labelFilter } from "../../../components/platform/docker/label-filter.ts";
import { isOutside, type StateResource } from "../../engine/state.ts";
import type { Ownership } from "./view.ts";

/** All that bears a cluster's labels, as the engine has it. */
interface Standing {
  /** Ids as the state has them: a volume's is its name. */
  readonly ids: ReadonlySet<string>;
  readonly digest: string;
}

/**
 * A digest of all that stands of a cluster: whatever a comparison with the state would find changed makes it another one. What only
 * running changes (addresses of cards, times, health, restarts) is no part of it, and of cold standbys not whether they run.
 *
 * @param resources what the state knows
 * @returns null where it knows something that isn't among what was seen
 */
export async function standingDigest(
  docker: Docker,
  ownership: Required<Ownership>,
  resources: readonly StateResource[],
): Promise<string | null> {
  const { ids, digest } = await lookAt(docker, ownership);
  return resources.filter(isOutside).every(({ id }) => id !== undefined && ids.has(id)) ? digest : null;
}

async function lookAt(docker: Docker, ownership: Required<Ownership>): Promise<Standing> {
  const filters = labelFilter({ ...ownership });
  const [containers, { Volumes }, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
    docker.listNetworks({ filters }),
  ]);
  const inspected = await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect()));
  const volumes = Volumes ?? [];
  const parts = [
    ...inspected.map(containerOf),
    ...volumes.map(({ Name, Driver, Labels, Options }) => ({ Name, Driver, Labels, Options })),
    ...networks.map(({ Id, Name, Driver, IPAM, Labels, Options, Internal }) => ({
      ...{ Id, Name, Driver, IPAM, Labels, Options, Internal },
    })),
  ].map((part) => JSON.stringify(part, sorted));
  return {
    ids: new Set([
      ...containers.map(({ Id }) => Id),
      ...volumes.map(({ Name }) => Name),
      ...networks.map(({ Id }) => Id),
    ]),
    digest: createHash("sha256").update(parts.sort().join("\n")).digest("hex"),
  };
}

function containerOf({
  Id,
  Name,
  Image,
  Path,
  Args,
  Config,
  HostConfig,
  NetworkSettings,
  State,
}: Docker.ContainerInspectInfo) {
  const networks = Object.entries(NetworkSettings.Networks).map(([name, { NetworkID, IPAMConfig }]) => ({
    ...{ name, NetworkID, IPAMConfig },
  }));
  const mayBeOff = Config.Labels[`${labelPrefix}role`] === "cold";
  const runs = mayBeOff || (State.Running && !State.Paused);
  return { Id, Name, Image, Path, Args, Config, HostConfig, networks, runs };
}

/** The same text for the same thing, in whatever order the engine tells it. */
function sorted(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
