import * as pulumi from "@pulumi/pulumi";
import { type ClusterContext, filesOf, groupsBy, machinesBy } from "./context.ts";
import type { GroupPlan, NodeRole } from "./plan/types.ts";
import type { ProvisionedGroup, ProvisionedMachine, ProvisionedTier } from "./platform/contract.ts";

export interface PoolArgs {
  readonly context: ClusterContext;
  /** Name of the pool in the plan. */
  readonly pool: string;
  /** The tier in front, where the plan lists groups: they register with it. */
  readonly tier?: ProvisionedTier | null;
}

/** The active nodes of a pool. */
export class NodePool extends pulumi.ComponentResource {
  /** The nodes by key, with their raw children. */
  readonly nodes: Readonly<Record<string, ProvisionedMachine>>;
  /** Their group by key, where the platform keeps the machines. */
  readonly groups: Readonly<Record<string, ProvisionedGroup>>;
  /** What a balancer waits for before it is told of these nodes. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: PoolArgs, options?: pulumi.ComponentResourceOptions) {
    super("hotspare:index:NodePool", name, { pool: args.pool }, options);
    const { nodes, ready } = createNodes(name, this, args, ["active"]);
    this.nodes = nodes;
    this.groups = createGroups(name, this, args, "active");
    this.ready = [...ready, ...Object.values(this.groups).flatMap((group) => group.ready)];
    this.registerOutputs({ pool: args.pool });
  }
}

/** Nodes that were made, by key, and what others wait for: that all of them are there with their files. */
interface NodesMade {
  readonly nodes: Record<string, ProvisionedMachine>;
  readonly ready: readonly pulumi.Resource[];
}

/**
 * Makes the nodes of some roles and delivers the files of those that have some. Where a node's successor stands in its place they come one
 * after the other: a change that replaces nodes then takes them one at a time, since the engine deletes and makes a replacement before
 * it goes on to what depends on it.
 */
export function createNodes(
  name: string,
  parent: pulumi.Resource,
  { context, pool }: PoolArgs,
  roles: readonly NodeRole[],
): NodesMade {
  const nodes: Record<string, ProvisionedMachine> = {};
  const ready: pulumi.Resource[] = [];
  let previous: readonly pulumi.Resource[] = context.before;
  for (const node of context.plan.nodes) {
    if (node.pool !== pool || !roles.includes(node.role)) continue;
    const platform = machinesBy(context.platform);
    const before = platform.traits.successors === "in-place" ? previous : context.before;
    const place = (dependsOn: readonly pulumi.Resource[]) =>
      context.machinePlace(node, { parent, dependsOn: [...dependsOn] });
    // Without the pool's name, which `name` ends in already: dev-web + web-hot-1 → dev-web-standby-hot-1.
    const nodeName = `${name}-${node.key.slice(pool.length + 1)}`;
    const machine = platform.node(nodeName, node, place(before));
    const files = filesOf(context, node.key);
    nodes[node.key] = machine;
    previous =
      files.files.length === 0
        ? machine.ready
        : [platform.deliver(`${nodeName}-files`, machine, files, place(machine.ready))];
    ready.push(...previous);
  }
  return { nodes, ready };
}

/** Makes the groups of one role; a pool has at most one of each. */
export function createGroups(
  name: string,
  parent: pulumi.Resource,
  { context, pool, tier }: PoolArgs,
  role: GroupPlan["role"],
): Record<string, ProvisionedGroup> {
  const planned = context.plan.groups.filter((group) => group.pool === pool && group.role === role);
  return Object.fromEntries(
    planned.map((group) => {
      if (tier === undefined || tier === null) throw new Error(`${name}: its tier must be made first`);
      const place = { ...context.machinePlace(labelled(group), { parent }), tier };
      return [group.key, groupsBy(context.platform).group(`${name}-group`, group, place)];
    }),
  );
}

/** Labels of a group, and of every machine in it: without the fingerprint, which would change them all in place. */
export function labelled({ key, role }: GroupPlan): { key: string; role: string } {
  return { key, role };
}
