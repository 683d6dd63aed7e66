import type Docker from "dockerode";
import { own } from "../../../components/model/own.ts";
import { labelPrefix } from "../../../components/plan/labels.ts";
import type { RunningNode } from "../../../components/plan/types.ts";
import { labelFilter } from "../../../components/platform/docker/label-filter.ts";

/**
 * The newest generation of each node that Docker has, running or not. After a failed replacement there are two of a key: the
 * newest is the one that the engine's state means, the older ones it is about to delete.
 */
export async function runningNodes(
  docker: Docker,
  owner: string,
  stack: string,
): Promise<Record<string, RunningNode>> {
  const filters = labelFilter({ owner, stack, generation: true });
  const nodes: Record<string, RunningNode> = {};
  for (const { Labels } of await docker.listContainers({ all: true, filters })) {
    const key = Labels[`${labelPrefix}key`] ?? "";
    const generation = Number(Labels[`${labelPrefix}generation`]);
    const fingerprint = Labels[`${labelPrefix}fingerprint`] ?? "";
    const known = own(nodes, key);
    const existing = [...(known?.existing ?? []), generation].sort((a, b) => a - b);
    const newest = known === undefined || generation > known.generation ? { generation, fingerprint } : known;
    nodes[key] = { ...newest, existing };
  }
  return nodes;
}
