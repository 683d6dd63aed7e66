import type { ClusterPlan, GroupPlan, RenderedFile } from "../../plan/types.ts";
import { renderNginx } from "../nginx/index.ts";
import { currentFolder, followerConfig } from "../paths.ts";
import { renderFollower } from "./follower.ts";
import { renderNode } from "./node.ts";

/** What a machine of a group has that is made of the plan; the programs beside it are a hash in the plan. */
export function renderGroup(plan: ClusterPlan, group: GroupPlan): RenderedFile[] {
  return Object.entries(contentOf(plan, group)).map(([path, content]) => ({ path, mode: "0644", content }));
}

function contentOf(plan: ClusterPlan, group: GroupPlan): Readonly<Record<string, string>> {
  const { key, machine, service } = group;
  switch (service.kind) {
    case "node": {
      const { packages, units, files } = renderNode(plan, group, service);
      const list = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
      return { packages: list(packages), units: list(units), ...files };
    }
    case "balancer": {
      const runsOn = { key, cpus: machine.vcpus, memory: machine.memory };
      return {
        [`${currentFolder}/nginx.conf`]: renderNginx(plan, runsOn, service.health),
        [followerConfig]: renderFollower(plan),
      };
    }
    default:
      return service satisfies never;
  }
}
