import { docker } from "./containers.ts";

/** Names of everything that the Docker Engine holds, but for images. */
export async function inventory(): Promise<{ containers: string[]; networks: string[]; volumes: string[] }> {
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return {
    containers: containers.flatMap(({ Names }) => Names).sort(),
    networks: networks.map(({ Name }) => Name).sort(),
    volumes: (Volumes ?? []).map(({ Name }) => Name).sort(),
  };
}
