import { containerParts } from "../../container.ts";
import type { PlatformTraits } from "../traits.ts";

/** Containers on one Docker Engine. */
export const dockerTraits: PlatformTraits = {
  machines: "planned",
  addresses: "layout",
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
  reservedPorts: [],
};
