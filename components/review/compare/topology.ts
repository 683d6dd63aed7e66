import { poolCapacity } from "../../plan/capacity.ts";
import type { GroupPlan } from "../../plan/groups/types.ts";
import { routeName } from "../../plan/route-name.ts";
import type { ClusterPlan, NodePlan, NodeRole } from "../../plan/types.ts";
import type { Box, MachineChange, Sides, Topology } from "./types.ts";
import { percent } from "./words.ts";

/*
 * What a picture of a cluster shows, with the machines that change marked. Data and no picture: a report may come from a stranger, and
 * the text of a picture can hold links.
 */

type Mark = (key: string) => Box["action"];

/** More nodes than this are drawn as groups: a picture of a thousand boxes shows nothing. */
const mostNodes = 12;

/** Both sides: what goes is marked in the picture before, what comes in the one afterwards, the rest in both. */
export function topologyOf(plans: Sides<ClusterPlan>, machines: readonly MachineChange[]): Sides<Topology> {
  const actions = new Map(machines.map(({ key, action }) => [key, action]));
  const side = (plan: ClusterPlan | null) =>
    plan === null ? null : topology(plan, (key) => actions.get(key) ?? null);
  return { before: side(plans.before), after: side(plans.after) };
}

function topology(plan: ClusterPlan, mark: Mark): Topology {
  const { door, wardens, filter } = plan;
  return {
    address: plan.network.virtualAddress,
    tier: plan.tier.kind,
    balancers: [
      ...plan.balancers.map(({ key, address }) => box(key, `${key} · ${address}`, mark)),
      ...plan.groups.filter(({ role }) => role === "balancer").map((group) => groupBox(group, mark)),
    ],
    door: door === null ? null : box(door.key, `door · 127.0.0.1:${door.httpPort}`, mark),
    aside: [...wardens, ...(filter === null ? [] : [filter])].map(({ key }) => box(key, key, mark)),
    pools: plan.pools.map(({ name, shownAs, algorithm }) => ({
      name,
      title: `${shownAs}: ${algorithm.kind}`,
      boxes: poolBoxes(plan, name, mark),
    })),
    routes: plan.routes.map((route) => ({ path: routeName(route), pool: route.pool })),
  };
}

function poolBoxes(plan: ClusterPlan, pool: string, mark: Mark): Box[] {
  const groups = plan.groups.filter((group) => group.pool === pool);
  if (groups.length > 0) return groups.map((group) => groupBox(group, mark));
  const nodes = plan.nodes.filter((node) => node.pool === pool);
  const shares = new Map(poolCapacity(plan, pool).shares.map(({ node, share }) => [node, share]));
  if (nodes.length <= mostNodes)
    return nodes.map(({ key, role }) =>
      box(key, `${key} · ${role === "active" ? percent(shares.get(key) ?? 0) : named[role]}`, mark),
    );
  return alike(nodes, mark).map(([first, ...others]) => {
    const last = others.at(-1);
    if (last === undefined) return box(first.key, `${first.key} · ${named[first.role]}`, mark);
    const label = `${first.key} … ${last.key} · ${others.length + 1} ${named[first.role]}`;
    return box(first.key, label, mark);
  });
}

const named: Readonly<Record<NodeRole, string>> = {
  active: "active",
  hot: "hot standby",
  cold: "cold standby, off",
};

/** Nodes of one role that change alike, in the plan's order. */
function alike(nodes: readonly NodePlan[], mark: Mark): (readonly [NodePlan, ...NodePlan[]])[] {
  const found = new Map<string, [NodePlan, ...NodePlan[]]>();
  for (const node of nodes) {
    const change = `${node.role} ${mark(node.key)}`;
    const others = found.get(change);
    if (others === undefined) found.set(change, [node]);
    else others.push(node);
  }
  return [...found.values()];
}

/** A group at the number that `up` asks for, and where it may go from there. */
function groupBox({ key, role, count: { min, desired, max }, waiting }: GroupPlan, mark: Mark): Box {
  const range = min === max ? "" : ` (${min} to ${max})`;
  const beside = waiting === null ? "" : ` · ${waiting.count} ${waiting.state}`;
  const what = role === "hot" ? "hot" : role === "active" ? "active" : "balancing";
  return box(key, `${key} · ${desired}${range} ${what}${beside}`, mark);
}

function box(key: string, label: string, mark: Mark): Box {
  return { key, label, action: mark(key) };
}
