import type Docker from "dockerode";
import { plan } from "../../../components/plan/plan.ts";
import type { NodePlan } from "../../../components/plan/types.ts";
import { planContext } from "../../../infra/context.ts";
import { runningNodes } from "../../../infra/grounds/docker/running.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { currentOwner, sourceOf, specOf } from "../../stacks.ts";
import { type ContainerView, listContainers } from "./view.ts";

/**
 * Looks for new nodes at addresses that others of the cluster have until they go, which is at the end: Docker would refuse them
 * half-way. It is so where a pool is put before others, or moves to where one stands that was replaced as often.
 *
 * @throws UserError that names both
 */
export async function checkAddresses(docker: Docker, stack: string): Promise<void> {
  const [spec, owner] = [specOf(stack), currentOwner()];
  const views = await listContainers(docker, { owner, stack });
  if (views.length === 0) return;
  const running = await runningNodes(docker, owner, stack);
  const { nodes, pools } = plan(spec, planContext(spec, owner, sourceOf(stack).images, { running }));
  const problems = addressesTaken(nodes, views).map(([node, holder]) => {
    const pool = pools.find(({ name }) => name === node.pool)?.shownAs ?? node.pool;
    const moves = views.some(({ key }) => key === node.key);
    const wayOut = moves
      ? `keep the old order, change a variable in pools.${pool} and bring that up first`
      : "add new pools at the end, and remove others in a later change";
    return `pools.${pool}: ${node.key} would be made at ${node.address}, where ${holder.key} runs until it goes at the end of the change, so it would stop half-way; ${wayOut} (risk.address-taken)`;
  });
  if (problems.length > 0) throw new UserError(problems.join("\n"), exitCodes.stackProblems);
}

/** Of each pool the first node that would be made where another one runs. What doesn't run, or is made switched off, is in no way. */
export function addressesTaken(
  nodes: readonly NodePlan[],
  views: readonly ContainerView[],
): (readonly [NodePlan, ContainerView])[] {
  const there = new Set(views.map(({ key, generation }) => `${key}/${generation}`));
  const holders = new Map(
    views.filter(({ state }) => state === "running").map((view) => [view.address, view]),
  );
  const found = nodes.flatMap((node) => {
    const holder = holders.get(node.address);
    const isNew = !there.has(`${node.key}/${node.generation}`) && node.role !== "cold";
    return holder === undefined || !isNew || holder.key === node.key ? [] : [[node, holder] as const];
  });
  return found.filter(([{ pool }], index) => found.findIndex(([first]) => first.pool === pool) === index);
}
