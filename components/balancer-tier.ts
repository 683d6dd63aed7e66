import * as pulumi from "@pulumi/pulumi";
import { type ClusterContext, filesOf } from "./cluster.ts";
import type { RenderedMachine } from "./plan/types.ts";
import type { MachineMade } from "./platform/contract.ts";

export interface BalancerTierArgs {
  readonly context: ClusterContext;
  /** Rendered files by machine. */
  readonly files: ReadonlyMap<string, RenderedMachine>;
  /** The nodes: a balancer hears of a new one when it is there, and of a removed one before it goes. */
  readonly after: readonly pulumi.Resource[];
}

/** The balancers in front. They share the virtual address; their files change in place. */
export class BalancerTier extends pulumi.ComponentResource {
  /** The balancers by key, with their raw children. */
  readonly nodes: Readonly<Record<string, MachineMade>>;

  constructor(name: string, args: BalancerTierArgs, options?: pulumi.ComponentResourceOptions) {
    super("hotspare:index:BalancerTier", name, { kind: args.context.plan.tier.kind }, options);
    this.nodes = this.createBalancers(name, args);
    this.deliverFiles(name, args);
    this.registerOutputs({ virtualAddress: args.context.plan.network.virtualAddress });
  }

  /** One after the other, so that a change that replaces balancers never takes all of them at once. */
  private createBalancers(name: string, { context }: BalancerTierArgs): Record<string, MachineMade> {
    const made: Record<string, MachineMade> = {};
    let previous: readonly pulumi.Resource[] = [];
    for (const balancer of context.plan.balancers) {
      const place = context.machinePlace(balancer, { parent: this, dependsOn: [...previous] });
      const machine = context.platform.balancer(`${name}-${balancer.key}`, balancer, place);
      made[balancer.key] = machine;
      previous = machine.ready;
    }
    return made;
  }

  /** One after the other as well: what the first balancer refuses never reaches the second. */
  private deliverFiles(name: string, { context, files, after }: BalancerTierArgs): void {
    let previous: readonly pulumi.Resource[] = after;
    for (const balancer of context.plan.balancers) {
      const machine = this.nodes[balancer.key];
      if (machine === undefined) continue;
      const place = context.machinePlace(balancer, {
        parent: this,
        dependsOn: [...previous, ...machine.ready],
      });
      previous = [
        ...after,
        context.platform.deliver(
          `${name}-${balancer.key}-files`,
          machine,
          filesOf(files, balancer.key),
          place,
        ),
      ];
    }
  }
}
