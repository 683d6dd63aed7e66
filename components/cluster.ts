import * as pulumi from "@pulumi/pulumi";
import { BalancerTier } from "./balancer-tier.ts";
import { beyond, type ClusterContext, filesOf, groupsBy, machinesBy } from "./context.ts";
import { NodePool } from "./node-pool.ts";
import { clusterLabels, machineLabels } from "./plan/labels.ts";
import type { ClusterPlan, TaskPlan } from "./plan/types.ts";
import { virtualAddressOf } from "./plan/virtual-address.ts";
import type {
  Place,
  Platform,
  ProvisionedGroup,
  ProvisionedMachine,
  ProvisionedMonitor,
  ProvisionedNetwork,
  ProvisionedTier,
} from "./platform/contract.ts";
import { render } from "./render/index.ts";
import { StandbyPool } from "./standby-pool.ts";

export interface ClusterArgs {
  /** What to make; from `plan(spec, context)`. */
  readonly plan: ClusterPlan;
  /** Where to make it; from `selectPlatform(kind, access)`, or an adapter of your own. */
  readonly platform: Platform;
  /** Name of the Pulumi stack, for the labels. */
  readonly stack: string;
  /** Value of a named secret, e.g. `(name) => config.requireSecret(name)`. */
  readonly secret: (name: string) => pulumi.Output<string>;
  /** Whether nothing of the tier is there yet: its balancers then come all at once. False by default: one after the other. */
  readonly isNew?: boolean;
}

/**
 * A cluster: network, balancer tier, node and standby pools, and door and wardens where the platform has some. It walks the plan
 * and decides nothing, so a preview shows all that an update will do.
 *
 * @example
 * ```ts
 * const spec = loadStack("dev", stacks.dev);
 * new Cluster("dev", { plan: plan(spec, context), platform, stack: "dev", secret: (name) => config.requireSecret(name) });
 * ```
 */
export class Cluster extends pulumi.ComponentResource {
  /** The address or name that clients use: inside the cluster's network, or wherever the platform's own balancer is reached. */
  readonly virtualAddress: pulumi.Output<string>;
  /** URL of the door on the machine that runs the containers, or of the platform's own balancer; null where there is neither. */
  readonly url: pulumi.Output<string | null>;
  /** Raw children: what the kit doesn't offer can be reached from here. */
  readonly nodes: {
    readonly network: ProvisionedNetwork;
    readonly tier: BalancerTier;
    readonly accessories: Readonly<Record<string, ProvisionedMachine>>;
    readonly workers: Readonly<Record<string, ProvisionedMachine>>;
    readonly pools: Readonly<Record<string, NodePool>>;
    readonly standby: Readonly<Record<string, StandbyPool>>;
    readonly door: ProvisionedMachine | null;
    readonly filter: ProvisionedMachine | null;
    readonly wardens: Readonly<Record<string, ProvisionedMachine>>;
    readonly monitor: ProvisionedMonitor | null;
  };

  constructor(name: string, args: ClusterArgs, options?: pulumi.ComponentResourceOptions) {
    // A small summary only: a component's arguments are saved in the state. There they tell, also once the stack's file is gone,
    // where the cluster stands, whether it is protected, and what it was called when its machines were made.
    super(
      "hotspare:index:Cluster",
      name,
      {
        platform: args.plan.platform.kind,
        environment: args.plan.environment,
        protect: args.plan.protect,
        cluster: args.plan.cluster,
      },
      options,
    );
    refuseWhatIsBeyond(args);
    const network = args.platform.network(`${name}-network`, this.place(args));
    const context = this.context(args, network);
    // Groups of nodes register with the tier, so it comes first; balancers that are told of nodes by file come after these.
    const grouped = args.plan.groups.length > 0;
    const createTier = (after: readonly pulumi.Resource[]) =>
      new BalancerTier(`${name}-tier`, { context, after }, { parent: this });
    const first = grouped ? createTier([]) : null;
    const accessories = this.createAccessories(name, context);
    const ready = Object.values(accessories).flatMap((accessory) => accessory.ready);
    const there = [...Object.values(network.resources), ...ready];
    const served = { ...context, before: [...ready, ...this.createTasks(name, context, "before", there)] };
    const pools = this.createPools(name, served, first?.front ?? null);
    const standby = this.createStandby(name, served, first?.front ?? null);
    const parts = [...Object.values(pools), ...Object.values(standby)];
    const workers = this.createWorkers(name, served);
    const tier = first ?? createTier(parts.flatMap((pool) => pool.ready));
    this.createTasks(name, context, "after", Object.values(tier.files));
    const door = this.createDoor(name, context);
    const { filter, wardens } = this.createWardens(name, context, tier);
    const groups = new Map(parts.flatMap((pool) => Object.entries(pool.groups)));
    const monitor = this.createMonitor(name, context, tier.front, groups);

    this.nodes = { network, tier, accessories, workers, pools, standby, door, filter, wardens, monitor };
    this.virtualAddress = tier.front?.address ?? pulumi.output(virtualAddressOf(args.plan));
    this.url = urlOf(args, tier.front);
    this.registerOutputs({ virtualAddress: this.virtualAddress, url: this.url });
  }

  private place(args: ClusterArgs): Place {
    const labels = clusterLabels(args.plan, args.stack);
    return { plan: args.plan, options: { parent: this }, labels, secret: args.secret };
  }

  private context(args: ClusterArgs, network: ProvisionedNetwork): ClusterContext {
    const { plan, platform, stack } = args;
    const place = this.place(args);
    return {
      plan,
      platform,
      stack,
      machinePlace: (machine, options) => ({
        ...place,
        network,
        options,
        labels: { ...place.labels, ...machineLabels(machine) },
      }),
      before: [],
      isNew: args.isNew ?? false,
      files: new Map(render(plan).map((machine) => [machine.machine, machine])),
    };
  }

  /** Before the nodes, which may ask them from their first moment on. */
  private createAccessories(name: string, context: ClusterContext): Record<string, ProvisionedMachine> {
    return Object.fromEntries(
      (context.plan.accessories ?? []).map((accessory) => {
        const platform = machinesBy(context.platform);
        if (platform.accessory === undefined) throw beyond(platform, "accessories");
        const place = context.machinePlace(accessory, { parent: this });
        return [accessory.key, platform.accessory(`${name}-${accessory.key}`, accessory, place)];
      }),
    );
  }

  /**
   * Of one name one after the other, standbys first: a change takes them one at a time, and of what must not run twice the one that runs goes
   * before the new one comes.
   */
  private createWorkers(name: string, context: ClusterContext): Record<string, ProvisionedMachine> {
    const made: Record<string, ProvisionedMachine> = {};
    const last = new Map<string, readonly pulumi.Resource[]>();
    for (const worker of (context.plan.workers ?? []).toReversed()) {
      const platform = machinesBy(context.platform);
      if (platform.worker === undefined) throw beyond(platform, "workers");
      const dependsOn = [...(last.get(worker.of) ?? context.before)];
      const place = context.machinePlace(worker, { parent: this, dependsOn });
      const machine = platform.worker(`${name}-${worker.key}`, worker, place);
      last.set(worker.of, machine.ready);
      made[worker.key] = machine;
    }
    return made;
  }

  /** Programs of releases, one after the other in the pools' order: of two that migrate one database, the second finds it migrated. */
  private createTasks(
    name: string,
    context: ClusterContext,
    when: TaskPlan["when"],
    after: readonly pulumi.Resource[],
  ): pulumi.Resource[] {
    const made: pulumi.Resource[] = [];
    for (const task of context.plan.tasks ?? []) {
      if (task.when !== when) continue;
      const platform = machinesBy(context.platform);
      if (platform.task === undefined) throw beyond(platform, "programs of a release");
      const dependsOn = made.length === 0 ? [...after] : made.slice(-1);
      const place = context.machinePlace(task, { parent: this, dependsOn });
      made.push(platform.task(`${name}-${task.key}`, task, place));
    }
    return made;
  }

  private createPools(
    name: string,
    context: ClusterContext,
    tier: ProvisionedTier | null,
  ): Record<string, NodePool> {
    return Object.fromEntries(
      context.plan.pools.map((pool) => [
        pool.name,
        new NodePool(`${name}-${pool.name}`, { context, pool: pool.name, tier }, { parent: this }),
      ]),
    );
  }

  private createStandby(
    name: string,
    context: ClusterContext,
    tier: ProvisionedTier | null,
  ): Record<string, StandbyPool> {
    const { plan } = context;
    const withStandby = plan.pools.filter(
      (pool) =>
        plan.nodes.some((node) => node.pool === pool.name && node.role !== "active") ||
        plan.groups.some((group) => group.pool === pool.name && group.role === "hot"),
    );
    return Object.fromEntries(
      withStandby.map((pool) => [
        pool.name,
        new StandbyPool(`${name}-${pool.name}-standby`, { context, pool: pool.name, tier }, { parent: this }),
      ]),
    );
  }

  private createDoor(name: string, context: ClusterContext): ProvisionedMachine | null {
    const { door } = context.plan;
    if (door === null) return null;
    return machinesBy(context.platform).door(
      `${name}-door`,
      door,
      filesOf(context, door.key),
      context.machinePlace(door, { parent: this }),
    );
  }

  /** The filter first: its volume takes its modes from the filter's image. A warden comes after its balancer's files. */
  private createWardens(
    name: string,
    context: ClusterContext,
    tier: BalancerTier,
  ): { filter: ProvisionedMachine | null; wardens: Record<string, ProvisionedMachine> } {
    const { plan } = context;
    if (plan.wardens.length === 0) return { filter: null, wardens: {} };
    const platform = machinesBy(context.platform);
    if (platform.warden === undefined) throw beyond(platform, "wardens");
    const filter = this.createFilter(name, context);
    const wardens: Record<string, ProvisionedMachine> = {};
    for (const warden of plan.wardens) {
      const balancer = tier.nodes[warden.balancer];
      if (balancer === undefined) continue;
      const files = tier.files[warden.balancer];
      const dependsOn = [
        ...(filter?.ready ?? []),
        ...balancer.ready,
        ...(files === undefined ? [] : [files]),
      ];
      wardens[warden.key] = platform.warden(`${name}-${warden.key}`, warden, {
        ...context.machinePlace(warden, { parent: this, dependsOn }),
        balancer,
        filter,
        files: filesOf(context, warden.key),
      });
    }
    return { filter, wardens };
  }

  private createFilter(name: string, context: ClusterContext): ProvisionedMachine | null {
    const { filter } = context.plan;
    if (filter === null) return null;
    const platform = machinesBy(context.platform);
    if (platform.filter === undefined) throw beyond(platform, "a filter");
    return platform.filter(`${name}-filter`, filter, context.machinePlace(filter, { parent: this }));
  }

  private createMonitor(
    name: string,
    context: ClusterContext,
    tier: ProvisionedTier | null,
    groups: ReadonlyMap<string, ProvisionedGroup>,
  ): ProvisionedMonitor | null {
    if (tier === null) return null;
    const key = "monitor";
    const place = context.machinePlace({ key, role: key }, { parent: this });
    return groupsBy(context.platform).monitor(`${name}-${key}`, { ...place, tier, groups });
  }
}

/** A plan for another platform must not come out with less than it says. */
function refuseWhatIsBeyond({ plan, platform }: ClusterArgs): void {
  if (plan.door !== null && !platform.traits.door) throw beyond(platform, "a door");
  if (plan.groups.length > 0) groupsBy(platform);
  else machinesBy(platform);
}

/** Of the door, of what is in front, or of the virtual address where the network is the person's own. */
function urlOf({ plan, platform }: ClusterArgs, front: ProvisionedTier | null): pulumi.Output<string | null> {
  const { httpPort } = plan.tier;
  const at = (host: string) => `http://${host}${httpPort === 80 ? "" : `:${httpPort}`}`;
  if (front !== null) return front.address.apply(at);
  if (platform.traits.addresses === "given") return pulumi.output(at(virtualAddressOf(plan)));
  return pulumi.output(plan.door === null ? null : `http://127.0.0.1:${plan.door.httpPort}`);
}
