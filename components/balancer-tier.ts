import * as pulumi from "@pulumi/pulumi";
import { type ClusterContext, filesOf, groupsBy, machinesBy } from "./context.ts";
import { labelled } from "./node-pool.ts";
import { frontOf } from "./plan/front.ts";
import type { ClusterPlan } from "./plan/types.ts";
import type { ProvisionedMachine, ProvisionedTier } from "./platform/contract.ts";

export interface BalancerTierArgs {
  readonly context: ClusterContext;
  /** The nodes: a balancer hears of a new one when it is there, and of a removed one before it goes. */
  readonly after: readonly pulumi.Resource[];
}

/** The balancers in front. They share the virtual address; their files change in place. */
export class BalancerTier extends pulumi.ComponentResource {
  /** The balancers by key, with their raw children. */
  readonly nodes: Readonly<Record<string, ProvisionedMachine>>;
  /** What is in front of them by key, with their raw children; none where one of the balancers has the virtual address. */
  readonly directors: Readonly<Record<string, ProvisionedMachine>>;
  /** What brings each of them its files, by key: when that is done, it serves. */
  readonly files: Readonly<Record<string, pulumi.Resource>>;
  /** Their group and what clients reach, where the platform keeps the machines; null elsewhere. */
  readonly front: ProvisionedTier | null;

  constructor(name: string, args: BalancerTierArgs, options?: pulumi.ComponentResourceOptions) {
    super("hotspare:index:BalancerTier", name, { kind: args.context.plan.tier.kind }, options);
    const { context, after } = args;
    const { nodes, files } = this.createBalancers(name, args);
    this.nodes = nodes;
    this.files = files;
    const front = frontOf(context.plan);
    this.directors =
      front === null
        ? {}
        : this.createBalancers(name, {
            context: { ...context, plan: front, machinePlace: placeIn(context, front) },
            // The last of the balancers serves when its files are there.
            after: [...after, ...Object.values(files)],
          }).nodes;
    this.front = this.createFront(name, args);
    this.registerOutputs({
      virtualAddress: this.front?.address ?? args.context.plan.network.virtualAddress,
    });
  }

  private createFront(name: string, { context }: BalancerTierArgs): ProvisionedTier | null {
    const group = context.plan.groups.find(({ role }) => role === "balancer");
    if (group === undefined) return null;
    const place = context.machinePlace(labelled(group), { parent: this });
    return groupsBy(context.platform).tier(`${name}-${group.key}`, group, place);
  }

  /**
   * One after the other, each with its files before the next is touched: a change that replaces balancers goes on only when
   * the one before serves again, and files that the first refuses never reach the second. A new tier serves nobody yet, so all of it
   * is made at once.
   */
  private createBalancers(
    name: string,
    { context, after }: BalancerTierArgs,
  ): { nodes: Record<string, ProvisionedMachine>; files: Record<string, pulumi.Resource> } {
    const made: Record<string, ProvisionedMachine> = {};
    const files: Record<string, pulumi.Resource> = {};
    let previous: readonly pulumi.Resource[] = [];
    for (const balancer of context.plan.balancers) {
      const platform = machinesBy(context.platform);
      const place = (dependsOn: readonly pulumi.Resource[]) =>
        context.machinePlace(balancer, { parent: this, dependsOn: [...dependsOn] });
      const machine = platform.balancer(`${name}-${balancer.key}`, balancer, place(previous));
      const delivered = platform.deliver(
        `${name}-${balancer.key}-files`,
        machine,
        filesOf(context, balancer.key),
        place([...after, ...machine.ready]),
      );
      made[balancer.key] = machine;
      files[balancer.key] = delivered;
      if (!context.isNew) previous = [delivered];
    }
    return { nodes: made, files };
  }
}

/** Places as the directors see the cluster, with their own role in the labels. */
function placeIn(context: ClusterContext, front: ClusterPlan): ClusterContext["machinePlace"] {
  return (machine, options) => ({
    ...context.machinePlace({ ...machine, role: "director" }, options),
    plan: front,
  });
}
