import type { HealthSpec, ImageSpec, PoolSpec, SecretReference } from "../../model/spec.ts";

/*
 * Plans of platforms whose own engine keeps the machines: they list groups and how many machines each has, not machines.
 * Such a machine has no planned address and no weight of its own; the engine decides when it comes and goes.
 */

/** Machines of one kind that the platform's engine keeps at a number. */
export interface GroupPlan {
  /** Stable identity: `lb`, `web`, `web-hot`; never depends on a position in a list. */
  readonly key: string;
  /** Name on the platform, unique per owner, e.g. `shop-3f2a-web`. */
  readonly name: string;
  /** What its machines are: balancers, nodes that share the traffic, or nodes that serve when those can't. */
  readonly role: "balancer" | "active" | "hot";
  /** Null for the balancers. */
  readonly pool: string | null;
  readonly count: GroupCount;
  /** How the number follows the load; none where it stays as it is. */
  readonly targets: readonly ScalingTarget[];
  /** Switched-off or waiting machines beside the group; null for none. */
  readonly waiting: WaitingPlan | null;
  readonly machine: InstancePlan;
  /** Zones that it is in, by name: all of the cluster's, or the first for a group that stands close together. */
  readonly zones: readonly string[];
  /** How its machines stand to each other: as it comes, each on a rack of its own, on racks in groups, or close together. */
  readonly placement: "none" | "spread" | "partition" | "cluster";
  /** Null for machines that the platform never takes back. */
  readonly spot: SpotPlan | null;
  readonly service: ServicePlan;
  /** Hash of the programs that its machines run beside the rendered files; "" where the caller doesn't know it. */
  readonly programs: string;
  /** Its number by the clock, and by a forecast; left out: neither. */
  readonly schedule?: readonly ScheduledLeast[];
  readonly predictive?: PredictivePlan;
  /** Its machines' disk, where it is not the platform's. */
  readonly disk?: DiskPlan;
  /** Ids of groups of the platform's firewall that its machines are in beside the cluster's; left out: none. */
  readonly securityGroups?: readonly string[];
  /** Whether it makes no machine elsewhere when a zone has none; left out: it does. */
  readonly distribution?: "only";
  /** What its containers may do at the platform, by names of policies; left out: nothing. */
  readonly policies?: readonly string[];
  /** How a change of its machines rolls through it. Milliseconds and percent. */
  readonly refresh: RefreshPlan;
  /** Hash of all that a change of which replaces its machines, but for what the adapter adds (image, user data). */
  readonly fingerprint: string;
}

/** Numbers of machines; the engine keeps `desired` within `min` and `max`. */
export interface GroupCount {
  readonly min: number;
  /** What `up` asks for the first time. Where targets move it, later `up`s leave it as it is. */
  readonly desired: number;
  readonly max: number;
}

/** What the number of a group's machines follows. */
export type ScalingTarget =
  | { readonly kind: "cpu"; readonly percent: number }
  | { readonly kind: "requests"; readonly perSecond: number }
  | {
      readonly kind: "metric";
      readonly namespace: string;
      readonly name: string;
      readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
      readonly value: number;
    };

/** Fewest machines from a time of the clock on. */
export interface ScheduledLeast {
  /** As cron has it. */
  readonly at: string;
  /** Time zone. */
  readonly zone: string;
  readonly min: number;
}

/** Machines before the load comes. */
export interface PredictivePlan {
  /** CPU use that the forecast is for. */
  readonly percent: number;
  readonly mode: "forecast" | "scale";
  /** Milliseconds. */
  readonly ahead: number;
}

/** A disk: GiB, operations a second, MiB a second. */
export interface DiskPlan {
  readonly size: number;
  readonly iops: number;
  readonly throughput: number;
}

/** Machines that cost less because the platform may take them back. */
export interface SpotPlan {
  /** Machines that it never takes back. */
  readonly onDemand: number;
  /** Other types that will do. */
  readonly types: readonly string[];
  /** Percent of the others that are Spot; left out: all. */
  readonly share?: number;
}

/** Machines that wait: a warm pool. */
export interface WaitingPlan {
  readonly state: "stopped" | "hibernated" | "running";
  readonly count: number;
}

export interface InstancePlan {
  readonly type: string;
  readonly architecture: "x86_64" | "arm64";
  readonly vcpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Cloud hardware: no hypervisor below. */
  readonly metal: boolean;
  readonly burstable: boolean;
  /** Other types that will do, for Spot. */
  readonly others: readonly string[];
}

/** What runs on a group's machines. */
export type ServicePlan = NodeService | BalancerService;

export interface NodeService {
  readonly kind: "node";
  readonly image: ImageSpec;
  /** Program and arguments of a plain service; left out for containers, whose image names theirs. */
  readonly command?: readonly string[];
  /** Whether the machine has been given its image, and no registry knows it; left out else. */
  readonly sent?: true;
  readonly port: number;
  readonly health: HealthSpec;
  /** Left out where it is reached in clear. */
  readonly tls?: NonNullable<PoolSpec["tls"]>;
  readonly environment: Readonly<Record<string, string | SecretReference>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGrace: number;
  /** Where its image is fetched with a sign-in; left out: as anybody may. */
  readonly registry?: RegistryPlan;
  /** Whether it can write nowhere but to memory; left out: it may write, as all could before there was a choice. */
  readonly readOnly?: boolean;
}

/** A sign-in at a registry: by the machine's own rights on one repository, or with a password. */
export type RegistryPlan =
  | { readonly kind: "own"; readonly server: string; readonly region: string; readonly repository: string }
  | {
      readonly kind: "password";
      readonly server: string;
      readonly username: string;
      readonly password: SecretReference;
    };

/** nginx, as the tier's plan says, and what follows the groups' members. */
export interface BalancerService {
  readonly kind: "balancer";
  /** Where the platform's balancer asks whether this one can serve; 200 when nginx answers. */
  readonly health: { readonly port: number; readonly path: string };
}

export interface RefreshPlan {
  /** Part of the group that serves all the while. */
  readonly healthyPercent: number;
  /** Machines that are replaced at a time, where the group has the number that `up` asks for. */
  readonly atOnce: number;
  readonly checkpoints: readonly number[];
  readonly pause: number;
  /** How long a new machine may take until it is ready. */
  readonly patience: number;
  /** How long a machine that is to go serves on, until nobody sends it anything new. */
  readonly leave: number;
  /** How long requests under way at a machine that leaves may take after that. */
  readonly drain: number;
}
