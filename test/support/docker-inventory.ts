import { docker } from "./containers.ts";

type Labels = Readonly<Record<string, string>> | null | undefined;

/**
 * Names of everything that the Docker Engine holds, but for images, and for what other clusters and suites of ours, which
 * may come and go beside this one, have labelled as theirs.
 */
export async function inventory(
  owners: readonly string[],
): Promise<{ containers: string[]; networks: string[]; volumes: string[] }> {
  const counts = (labels: Labels): boolean => {
    // The load of a drill names its cluster's owner in a label of its own.
    const owner = labels?.["hotspare.owner"] ?? labels?.["hotspare.drill"]?.split("/")[0];
    return owner === undefined ? labels?.["hotspare.test"] === undefined : owners.includes(owner);
  };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return {
    containers: containers
      .filter(({ Labels }) => counts(Labels))
      .flatMap(({ Names }) => Names)
      .sort(),
    networks: networks
      .filter(({ Labels }) => counts(Labels))
      .map(({ Name }) => Name)
      .sort(),
    volumes: (Volumes ?? [])
      .filter(({ Labels }) => counts(Labels))
      .map(({ Name }) => Name)
      .sort(),
  };
}
