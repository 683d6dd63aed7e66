import type { PlatformTraits } from "../traits.ts";
import { balancerHealthPort, firstCheckPort } from "./layout.ts";

/** Instances of Amazon EC2 in Auto Scaling groups, behind a Network Load Balancer. */
export const awsTraits: PlatformTraits = {
  machines: "groups",
  addresses: "platform",
  machinesPerNetwork: null,
  successors: "beside",
  virtualAddress: "none",
  power: "none",
  delivery: "user-data",
  card: null,
  door: false,
  warden: false,
  singleHost: false,
  deliversByMac: false,
  directors: false,
  certificates: ["given", "self-signed", "acm"],
  containers: ["environmentFiles"],
  services: null,
  accessories: false,
  workers: false,
  tasks: false,
  reservedPorts: [
    { from: balancerHealthPort, to: balancerHealthPort },
    { from: firstCheckPort, to: 65_535 },
  ],
};
