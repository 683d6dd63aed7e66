import type { MachineChange } from "../../compare/types.ts";

/** Which balancers take their new files how; those that are replaced begin with them and take nothing. */
export interface Effects {
  readonly members: readonly string[];
  readonly nginx: readonly string[];
  readonly keepalived: readonly string[];
  readonly memory: readonly string[];
}

/** By the file's path, as `hotspare-apply` decides it: only what a file belongs to reloads. */
export function effectsOn(machines: readonly MachineChange[]): Effects {
  const balancers = machines.filter(({ role, action }) => role === "balancer" && action === "updated");
  const those = (test: (machine: MachineChange) => boolean) => balancers.filter(test).map(({ key }) => key);
  return {
    members: those(({ files }) => files.includes("members.json")),
    nginx: those(({ files }) => files.some((path) => path === "nginx.conf" || path.startsWith("tls/"))),
    keepalived: those(({ files }) => files.includes("keepalived.conf")),
    memory: those(({ reasons }) => reasons.some(({ path }) => path === "memory")),
  };
}
