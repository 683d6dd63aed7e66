import * as pulumi from "@pulumi/pulumi";
import { createGroups, createNodes, type PoolArgs } from "./node-pool.ts";
import type { ProvisionedGroup, ProvisionedMachine } from "./platform/contract.ts";

/** The standbys of a pool: hot ones run and wait, cold ones exist switched off. */
export class StandbyPool extends pulumi.ComponentResource {
  /** The standbys by key, with their raw children. */
  readonly nodes: Readonly<Record<string, ProvisionedMachine>>;
  /** The hot ones' group by key, where the platform keeps the machines; cold ones wait in the active group's own pool. */
  readonly groups: Readonly<Record<string, ProvisionedGroup>>;
  /** What a balancer waits for before it is told of these nodes. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: PoolArgs, options?: pulumi.ComponentResourceOptions) {
    super("hotspare:index:StandbyPool", name, { pool: args.pool }, options);
    const { nodes, ready } = createNodes(name, this, args, ["hot", "cold"]);
    this.nodes = nodes;
    this.groups = createGroups(name, this, args, "hot");
    this.ready = [...ready, ...Object.values(this.groups).flatMap((group) => group.ready)];
    this.registerOutputs({ pool: args.pool });
  }
}
