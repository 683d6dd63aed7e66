import type { Warning } from "../../../model/problem.ts";
import type { ClusterSpec, MetalSpec } from "../../../model/spec.ts";

/** What works on servers of one's own but deserves a second thought. */
export function metalWarnings(spec: ClusterSpec, platform: MetalSpec): Warning[] {
  return oneRack(spec, platform);
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
