import * as pulumi from "@pulumi/pulumi";
import type { ClusterContext } from "./context.ts";
import type { NodeRole } from "./plan/types.ts";
import type { MachineMade } from "./platform/contract.ts";

export interface PoolArgs {
  readonly context: ClusterContext;
  /** Name of the pool in the plan. */
  readonly pool: string;
}

/** The active nodes of a pool. */
export class NodePool extends pulumi.ComponentResource {
  /** The nodes by key, with their raw children. */
  readonly nodes: Readonly<Record<string, MachineMade>>;
  /** What a balancer waits for before it is told of these nodes. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: PoolArgs, options?: pulumi.ComponentResourceOptions) {
    super("hotspare:index:NodePool", name, { pool: args.pool }, options);
    this.nodes = createNodes(name, this, args, ["active"]);
    this.ready = Object.values(this.nodes).flatMap((node) => node.ready);
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
    const machine = context.platform.node(`${name}-${node.key.slice(pool.length + 1)}`, node, place);
    made[node.key] = machine;
    previous = machine.ready;
  }
  return made;
}
