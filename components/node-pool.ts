import * as pulumi from "@pulumi/pulumi";
import { type ClusterContext, groupsBy, machinesBy } from "./context.ts";
import type { GroupPlan, NodeRole } from "./plan/types.ts";
import type { GroupMade, MachineMade, TierMade } from "./platform/contract.ts";

export interface PoolArgs {
  readonly context: ClusterContext;
  /** Name of the pool in the plan. */
  readonly pool: string;
  /** The tier in front, where the plan lists groups: they register with it. */
  readonly tier?: TierMade | null;
}

/** The active nodes of a pool. */
export class NodePool extends pulumi.ComponentResource {
  /** The nodes by key, with their raw children. */
  readonly nodes: Readonly<Record<string, MachineMade>>;
  /** Their group by key, where the platform keeps the machines. */
  readonly groups: Readonly<Record<string, GroupMade>>;
  /** What a balancer waits for before it is told of these nodes. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: PoolArgs, options?: pulumi.ComponentResourceOptions) {
    super("hotspare:index:NodePool", name, { pool: args.pool }, options);
    this.nodes = createNodes(name, this, args, ["active"]);
    this.groups = createGroups(name, this, args, "active");
    this.ready = [...Object.values(this.nodes), ...Object.values(this.groups)].flatMap(({ ready }) => ready);
    this.registerOutputs({ pool: args.pool });
  }
}

/**
 * Makes the nodes of some roles, one after the other: a change that replaces nodes then takes them one at a time, since the
 * engine deletes and makes a replacement before it goes on to what depends on it.
 */
export function createNodes(
  name: string,
  parent: pulumi.Resource,
  { context, pool }: PoolArgs,
  roles: readonly NodeRole[],
): Record<string, MachineMade> {
  const made: Record<string, MachineMade> = {};
  let previous: readonly pulumi.Resource[] = [];
  for (const node of context.plan.nodes) {
    if (node.pool !== pool || !roles.includes(node.role)) continue;
    const place = context.machinePlace(node, { parent, dependsOn: [...previous] });
    // Without the pool's name, which `name` ends in already: dev-web + web-hot-1 → dev-web-standby-hot-1.
    const machine = machinesBy(context.platform).node(
      `${name}-${node.key.slice(pool.length + 1)}`,
      node,
      place,
    );
    made[node.key] = machine;
    previous = machine.ready;
  }
  return made;
}

/** Makes the groups of one role; a pool has at most one of each. */
export function createGroups(
  name: string,
  parent: pulumi.Resource,
  { context, pool, tier }: PoolArgs,
  role: GroupPlan["role"],
): Record<string, GroupMade> {
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
