import { containerParts } from "../../container.ts";
import type { PlatformTraits } from "../traits.ts";

/** Containers on one Docker Engine. */
export const dockerTraits: PlatformTraits = {
  machines: "planned",
  addresses: "layout",
  // Ports of a Linux bridge (BR_MAX_PORTS in net/bridge/br_private.h, 1 << 10; port 0 is none).
  machinesPerNetwork: 1023,
  successors: "beside",
  virtualAddress: "arp",
  power: "engine",
  delivery: "engine",
  card: "eth0",
  door: true,
  warden: true,
  singleHost: true,
  deliversByMac: true,
  directors: true,
  certificates: ["given", "self-signed"],
  containers: containerParts,
  services: null,
  accessories: true,
  workers: true,
  tasks: true,
  reservedPorts: [],
};
