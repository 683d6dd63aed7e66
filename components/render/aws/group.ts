import type { ClusterPlan, GroupPlan, RenderedFile } from "../../plan/types.ts";
import { textFile } from "../text.ts";
import { renderBalancer } from "./balancer.ts";
import type { AwsMachineFiles } from "./machine.ts";
import { renderNode } from "./node.ts";

/** All that makes a machine of a group, but for the programs. */
export function renderMachine(plan: ClusterPlan, group: GroupPlan): AwsMachineFiles {
  const { service } = group;
  switch (service.kind) {
    case "node":
      return renderNode(plan, group, service);
    case "balancer":
      return renderBalancer(plan, group, service);
    default:
      return service satisfies never;
  }
}

/**
 * The same as files: those of the machine by their absolute path, beside them what the bundle's installation reads. The programs are
 * a hash in the plan.
 */
export function renderGroup(
  plan: ClusterPlan,
  group: GroupPlan,
): (RenderedFile & { readonly content: string })[] {
  const { packages, masked, early, units, files } = renderMachine(plan, group);
  const list = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const lists = { packages: list(packages), masked: list(masked), early: list(early), units: list(units) };
  const contents = { ...lists, ...files };
  return Object.entries(contents).map(([path, content]) => textFile(path, content));
}
