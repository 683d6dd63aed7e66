import { frontOf } from "../plan/front.ts";
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
    ...frontFiles(plan),
    ...plan.wardens.map((warden) => ({
      machine: warden.key,
      files: [textFile("warden.json", renderWarden(plan, warden))],
    })),
    ...(plan.door === null ? [] : [{ machine: plan.door.key, files: tier.door(plan, plan.door) }]),
  ];
  const front = new Set(plan.directors?.machines.map(({ key }) => key));
  // Those who share an address: the directors theirs, the balancers theirs.
  const problems = [true, false].flatMap((inFront) =>
    lintKeepalived(
      machines
        .filter(({ machine }) => front.has(machine) === inFront)
        .flatMap(({ machine, files }) =>
          files
            .filter(({ path }) => path === "keepalived.conf")
            .map(({ content }) => ({ machine, text: String(content) })),
        ),
    ),
  );
  if (problems.length > 0) throw new Error(`the balancers' files don't fit: ${problems.join("; ")}`);
  return machines.map(({ machine, files }) => ({ machine, files: byPath(files) }));
}

/** Those of the directors, where there are some in front of the balancers. */
function frontFiles(plan: ClusterPlan): RenderedMachine[] {
  const front = frontOf(plan);
  if (front === null) return [];
  const tier = tierFiles(front);
  return front.balancers.map((director) => ({
    machine: director.key,
    files: tier.balancer(front, director),
  }));
}

function byPath(files: readonly RenderedFile[]): RenderedFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
