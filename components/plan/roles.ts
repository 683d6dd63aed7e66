/** What a machine can be to its cluster, in the order in which reviews name machines. */
export const machineRoles = [
  "director",
  "balancer",
  "active",
  "hot",
  "cold",
  "accessory",
  "worker",
  "singleton",
  "scheduled",
  "door",
  "warden",
  "filter",
] as const;

export type MachineRole = (typeof machineRoles)[number];
