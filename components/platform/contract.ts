import type * as pulumi from "@pulumi/pulumi";
import type { PlatformTraits } from "../model/platforms/traits.ts";
import type { PlatformKind } from "../model/spec.ts";
import type {
  AccessoryPlan,
  BalancerPlan,
  ClusterPlan,
  DoorPlan,
  FilterPlan,
  GroupPlan,
  NodePlan,
  RenderedMachine,
  TaskPlan,
  WardenPlan,
  WorkerPlan,
} from "../plan/types.ts";

/*
 * What a platform owes the kit. CONTRACT.md beside this file says the same in words, with MUST and MAY; the suite in
 * test/contract/ holds every adapter to it.
 */

/** Where a thing is made: what every adapter function gets besides the thing's own plan. */
export interface Place {
  readonly plan: ClusterPlan;
  /** Parent, provider, dependencies. The adapter MUST pass these to every resource that it makes. */
  readonly options: pulumi.CustomResourceOptions;
  /** Labels or tags for every resource that can bear them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Value of a named secret; secret in the engine's sense, so never in plain text in the state. */
  readonly secret: (name: string) => pulumi.Output<string>;
}

/** A place inside a network that was made before. */
export interface NetworkedPlace extends Place {
  readonly network: ProvisionedNetwork;
}

export interface ProvisionedNetwork {
  /** The platform's identifier of the network. */
  readonly id: pulumi.Output<string>;
  /** Raw children by short name, for what the kit doesn't offer. */
  readonly resources: Readonly<Record<string, pulumi.Resource>>;
}

export interface ProvisionedMachine {
  /** The platform's identifier of the machine; changes when the machine is replaced. */
  readonly id: pulumi.Output<string>;
  readonly address: pulumi.Output<string>;
  /** Resources that others wait for: when they are done, the machine has what it needs to serve. */
  readonly ready: readonly pulumi.Resource[];
  /** Raw children by short name, for what the kit doesn't offer. */
  readonly resources: Readonly<Record<string, pulumi.Resource>>;
}

/** An adapter. `name` is the prefix of every Pulumi name that it may use. Each function is called once per planned thing. */
export type Platform = MachinePlatform | GroupPlatform;

interface PlatformBase {
  readonly kind: PlatformKind;
  /** What the planner and the rules know of this kind as well. */
  readonly traits: PlatformTraits;
  network(name: string, place: Place): ProvisionedNetwork;
}

/** A platform that makes the machines that a plan lists, one by one. */
export interface MachinePlatform extends PlatformBase {
  readonly machines: "planned";
  /** A node; role `cold` MUST come out switched off and MUST NOT be seen as drift once something else starts it. */
  node(name: string, node: NodePlan, place: NetworkedPlace): ProvisionedMachine;
  /** A balancer without its files. */
  balancer(name: string, balancer: BalancerPlan, place: NetworkedPlace): ProvisionedMachine;
  /**
   * Brings a machine's files to it, now and whenever they change: in place, tested before they are used, and rolled back
   * when the test fails. A machine that is switched off MUST have them when it starts. Returns what others wait for.
   */
  deliver(name: string, machine: ProvisionedMachine, files: RenderedMachine, place: Place): pulumi.Resource;
  /** The door; MUST throw where {@link PlatformTraits.door} is false. */
  door(name: string, door: DoorPlan, files: RenderedMachine, place: NetworkedPlace): ProvisionedMachine;
  /** An accessory, under its key as a name in the network. There MUST be one where {@link PlatformTraits.accessories} is true. */
  accessory?(name: string, accessory: AccessoryPlan, place: NetworkedPlace): ProvisionedMachine;
  /** A program without clients; one that isn't planned to start MUST come out switched off. There MUST be one where {@link PlatformTraits.workers} is true. */
  worker?(name: string, worker: WorkerPlan, place: NetworkedPlace): ProvisionedMachine;
  /**
   * A program of a release: MUST have ended with 0 once what is returned is made, MUST fail that otherwise, with what it wrote, and MUST
   * run again for another `release` alone. There MUST be one where {@link PlatformTraits.tasks} is true.
   */
  task?(name: string, task: TaskPlan, place: NetworkedPlace): pulumi.Resource;
  /** What stands between the wardens and an engine that switches nodes and could do more. There MUST be one where wardens run and {@link PlatformTraits.power} is `engine`. */
  filter?(name: string, filter: FilterPlan, place: NetworkedPlace): ProvisionedMachine;
  /** A warden beside its balancer. There MUST be one where {@link PlatformTraits.warden} is true. */
  warden?(name: string, warden: WardenPlan, place: WardenPlace): ProvisionedMachine;
}

/**
 * A platform whose own engine keeps the machines of each group that a plan lists: it replaces lost ones, takes standbys, and
 * rolls a change through them. The kit's wardens don't run there.
 */
export interface GroupPlatform extends PlatformBase {
  readonly machines: "groups";
  /** What clients reach, and the group of balancers behind it. */
  tier(name: string, group: GroupPlan, place: NetworkedPlace): ProvisionedTier;
  /** A group of nodes. What changes its machines MUST roll through it; a number that the engine moves is no drift. */
  group(name: string, group: GroupPlan, place: GroupPlace): ProvisionedGroup;
  /** What watches the cluster and tells people. */
  monitor(name: string, place: MonitorPlace): ProvisionedMonitor;
}

export interface ProvisionedGroup {
  /** The platform's identifier of the group. */
  readonly id: pulumi.Output<string>;
  /** Resources that others wait for. */
  readonly ready: readonly pulumi.Resource[];
  /** Raw children by short name, for what the kit doesn't offer. */
  readonly resources: Readonly<Record<string, pulumi.Resource>>;
}

export interface ProvisionedTier extends ProvisionedGroup {
  /** Name or address that clients use. */
  readonly address: pulumi.Output<string>;
}

export interface ProvisionedMonitor {
  readonly resources: Readonly<Record<string, pulumi.Resource>>;
}

/** Place of a group of nodes: the tier in front of it as well. */
export interface GroupPlace extends NetworkedPlace {
  readonly tier: ProvisionedTier;
}

/** Place of what watches: the tier, and all groups of nodes by key. */
export interface MonitorPlace extends GroupPlace {
  readonly groups: ReadonlyMap<string, ProvisionedGroup>;
}

/** A warden's place: what it watches, by what it switches (null where nothing stands between), and its files. */
export interface WardenPlace extends NetworkedPlace {
  readonly balancer: ProvisionedMachine;
  readonly filter: ProvisionedMachine | null;
  readonly files: RenderedMachine;
}
