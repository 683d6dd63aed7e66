import type { DrillCluster } from "../context.ts";
import type { Fault } from "./types.ts";

/** An address of a card that nobody has (locally administered). */
const nobody = "02:00:00:00:00:01";

/**
 * The balancers lose each other while everybody else still reaches both: each is told a wrong hardware address for the others,
 * so that its adverts reach nobody. It needs no rights on the host, and it is a real split: both take the address. (A blackhole
 * route does nothing to who speaks VRRP: that sends past the routes of that kind.)
 */
export function partition(cluster: DrillCluster, holder: string): Fault {
  const { platform, inside, holders: balancers } = cluster;
  const each = (command: (address: string) => string[]) =>
    Promise.all(
      balancers.flatMap(({ key, address }) =>
        balancers
          .filter((other) => other.address !== address)
          .map((other) => platform.exec(key, ...inside, "ip", "neighbour", ...command(other.address))),
      ),
    );
  return {
    victims: balancers.map(({ key }) => key).sort((a, b) => Number(b === holder) - Number(a === holder)),
    strike: async () => {
      await each((address) => [
        "replace",
        address,
        "lladdr",
        nobody,
        "dev",
        platform.card,
        "nud",
        "permanent",
      ]);
    },
    heal: async () => {
      // Not deleted but forgotten: the next packet asks for the real one; harmless where nothing was changed.
      await each((address) => ["flush", "to", address, "dev", platform.card, "nud", "permanent"]);
    },
  };
}
