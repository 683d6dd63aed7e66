import { containerParts } from "../../container.ts";
import type { PlatformTraits } from "../traits.ts";

/** Notes in the engine's state of what would be there. */
export const memoryTraits: PlatformTraits = {
  machines: "planned",
  addresses: "layout",
  machinesPerNetwork: null,
  successors: "in-place",
  virtualAddress: "reassign",
  power: "api",
  delivery: "user-data",
  card: "eth0",
  door: false,
  warden: false,
  singleHost: false,
  deliversByMac: true,
  directors: true,
  certificates: ["given", "self-signed"],
  containers: containerParts,
  services: null,
  accessories: true,
  workers: false,
  tasks: true,
  reservedPorts: [],
};
