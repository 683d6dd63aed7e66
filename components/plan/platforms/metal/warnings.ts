import type { Warning } from "../../../model/problem.ts";
import type { ClusterSpec, MetalSpec } from "../../../model/spec.ts";
import { counted } from "../../../model/words.ts";

/** What works on servers of one's own but deserves a second thought. */
export function metalWarnings(spec: ClusterSpec, platform: MetalSpec): Warning[] {
  return [...oneRack(spec, platform), ...unusedControllers(platform)];
}

function oneRack({ environment }: ClusterSpec, { servers }: MetalSpec): Warning[] {
  if (environment === "development") return [];
  const racks = Object.values(servers).map(({ rack }) => rack);
  const [first = null] = racks;
  if (first === null || racks.some((rack) => rack !== first)) return [];
  return [
    {
      code: "metal.one-rack",
      path: "platform.servers",
      message: `all servers stand in rack ${first}: what happens to it happens to the cluster`,
      hint: "add a server in another rack, or acknowledge it",
    },
  ];
}

function unusedControllers({ servers }: MetalSpec): Warning[] {
  const names = Object.keys(servers).filter((name) => servers[name]?.bmc !== null);
  if (names.length === 0) return [];
  return [
    {
      code: "metal.controller-unused",
      path: `platform.servers.${names[0]}.bmc`,
      message: `${counted(names.length, "management controller")} that the kit doesn't speak to yet: servers are neither switched on nor off`,
      hint: "keep it for later and acknowledge this, or remove it",
    },
  ];
}
