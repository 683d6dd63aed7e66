import type { PlatformTraits } from "../traits.ts";

/** Servers that people own, reached by SSH and Redfish. */
export const metalTraits: PlatformTraits = {
  machines: "planned",
  addresses: "given",
  machinesPerNetwork: null,
  successors: "in-place",
  virtualAddress: "arp",
  power: "redfish",
  delivery: "ssh",
  card: null,
  door: false,
  warden: true,
  singleHost: false,
  deliversByMac: true,
  directors: false,
  certificates: ["given", "self-signed"],
  containers: ["environmentFiles"],
  services: ["command", "environmentFiles", "files"],
  accessories: false,
  workers: false,
  tasks: false,
  // The warden's, beside its balancer.
  reservedPorts: [{ from: 9183, to: 9183 }],
};
