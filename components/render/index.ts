import type { ClusterPlan, RenderedFile, RenderedMachine } from "../plan/types.ts";
import { lintKeepalived } from "./keepalived/lint.ts";
import { groupFiles, tierFiles } from "./select.ts";
import { textFile } from "./text.ts";
import { renderWarden } from "./warden/document.ts";

/**
 * The files of every machine that has some, in the plan's order: a machine of every group, the balancers, the wardens, the door.
 * Pure; the same plan gives the same bytes.
 *
 * @throws Error for what a file's syntax can't hold, and for files of balancers that don't fit together. No spec that passed the model's rules contains any.
 */
export function render(plan: ClusterPlan): RenderedMachine[] {
  const tier = tierFiles(plan);
  const machines = [
    ...plan.groups.map((group) => ({ machine: group.key, files: groupFiles(plan, group) })),
    ...plan.balancers.map((balancer) => ({ machine: balancer.key, files: tier.balancer(plan, balancer) })),
    ...plan.wardens.map((warden) => ({
      machine: warden.key,
      files: [textFile("warden.json", renderWarden(plan, warden))],
    })),
    ...(plan.door === null ? [] : [{ machine: plan.door.key, files: tier.door(plan, plan.door) }]),
  ];
  const problems = lintKeepalived(
    machines.flatMap(({ machine, files }) =>
      files
        .filter(({ path }) => path === "keepalived.conf")
        .map(({ content }) => ({ machine, text: String(content) })),
    ),
  );
  if (problems.length > 0) throw new Error(`the balancers' files don't fit: ${problems.join("; ")}`);
  return machines.map(({ machine, files }) => ({ machine, files: byPath(files) }));
}

function byPath(files: readonly RenderedFile[]): RenderedFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
