import type { Architecture } from "../model/platforms/aws/instances.ts";
import type { AwsSpec, HealthSpec, ImageSpec, SecretReference } from "../model/spec.ts";

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
  readonly placement: AwsSpec["pools"][string]["placement"];
  /** Null for machines that are never Spot. */
  readonly spot: AwsSpec["pools"][string]["spot"];
  readonly service: ServicePlan;
  /** Hash of the programs that its machines run beside the rendered files; "" where the caller doesn't know it. */
  readonly programs: string;
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

export type ScalingTarget = NonNullable<AwsSpec["pools"][string]["scaling"]>["targets"][number];

/** Machines that wait: a warm pool. */
export interface WaitingPlan {
  readonly state: "stopped" | "hibernated" | "running";
  readonly count: number;
}

export interface InstancePlan {
  readonly type: string;
  readonly architecture: Architecture;
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
  readonly port: number;
  readonly health: HealthSpec;
  readonly environment: Readonly<Record<string, string | SecretReference>>;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly stopGrace: number;
}

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

/** What only Amazon EC2 knows of a cluster. */
export interface AwsPlan {
  readonly region: string;
  readonly account: string | null;
  readonly vpc: VpcPlan;
  readonly front: FrontPlan;
  /** What nodes may reach besides the balancers and the web. */
  readonly reach: AwsSpec["reach"];
  /** CIDRs whose clients may come in. */
  readonly clients: readonly string[];
  /** Image of the machines: by a public parameter for each architecture, or by its id. */
  readonly image:
    | { readonly kind: "parameter"; readonly names: Readonly<Record<Architecture, string>> }
    | { readonly kind: "ami"; readonly id: string };
  /** Root disk of each machine, GiB. */
  readonly disk: number;
  /** ARN of the KMS key; null for AWS's own. */
  readonly key: string | null;
  readonly monitoring: MonitoringPlan;
  readonly tags: Readonly<Record<string, string>>;
  /** What standing by and taking over come to, pool by pool. */
  readonly standbys: readonly StandbyMechanism[];
  readonly cost: CostPlan;
}

export type VpcPlan = OwnVpcPlan | AdoptedVpcPlan;

export interface OwnVpcPlan {
  readonly kind: "own";
  /** CIDR. */
  readonly range: string;
  readonly zones: readonly { readonly name: string; readonly public: string; readonly private: string }[];
  readonly nat: "one" | "per-zone" | "none";
  /** Services that are reached inside the VPC, by the last part of their endpoint's name; those of S3 cost nothing. */
  readonly endpoints: readonly string[];
  /** Days; 0 for no records. */
  readonly flowLogs: number;
}

export interface AdoptedVpcPlan {
  readonly kind: "adopted";
  readonly id: string;
  /** Ids of the subnets. */
  readonly zones: readonly { readonly name: string; readonly public: string; readonly private: string }[];
}

/** The Network Load Balancer in front of the balancers: it is the virtual address. */
export interface FrontPlan {
  readonly name: string;
  readonly listeners: readonly ListenerPlan[];
  /** How it asks balancers and nodes whether they are well. */
  readonly probe: ProbePlan;
  /**
   * Listeners that let in nobody and exist for the checks of a group of nodes alone: the load balancer checks only targets that
   * a listener leads to, and a group of nodes hears from it who is unwell.
   */
  readonly checks: readonly { readonly group: string; readonly port: number }[];
}

/** Checks of a target: milliseconds, and answers in a row. */
export interface ProbePlan {
  readonly interval: number;
  readonly timeout: number;
  /** Failed ones until nothing more is sent there. */
  readonly fall: number;
  /** Good ones until it gets something again. */
  readonly rise: number;
}

export interface ListenerPlan {
  readonly key: "http" | "tls";
  /** Where clients come in. */
  readonly port: number;
  /** `TLS`: ends there, with the certificate; what is behind gets plain TCP. */
  readonly protocol: "TCP" | "TLS";
  /** ARN of the certificate; null for TCP. */
  readonly certificate: string | null;
}

export interface MonitoringPlan {
  /** Mail addresses. */
  readonly notify: readonly string[];
  /** ARN of a topic that exists; null for one of the cluster's. */
  readonly topic: string | null;
  readonly logDays: number;
  readonly alarms: readonly AlarmPlan[];
}

/** An alarm: when the statistic of a metric stays beyond the threshold for so many periods. */
export interface AlarmPlan {
  /** Stable identity, e.g. `web-capacity`. */
  readonly key: string;
  /** Name on the platform. */
  readonly name: string;
  /** Key of the group that it is about. */
  readonly group: string;
  /** Whether it turns back a change that is rolling through its group. */
  readonly guards: boolean;
  /** What it says, for people: what is wrong and what it means. */
  readonly description: string;
  readonly metric: AlarmMetric;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "p99";
  readonly comparison: "above" | "below";
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  readonly periods: number;
  /** What no data means: nothing to worry about, or an alarm of its own. */
  readonly missing: "fine" | "alarm";
}

/** Where a metric comes from; the adapter knows the dimensions. */
export type AlarmMetric =
  | { readonly source: "targets"; readonly name: string }
  | { readonly source: "group"; readonly name: string }
  | { readonly source: "balancers"; readonly pool: string; readonly name: string };

/** How a pool outlives the loss of a node. */
export interface StandbyMechanism {
  readonly pool: string;
  readonly kind: "hot" | "running" | "hibernated" | "stopped" | "launch";
  /** 0 for `launch`: a new machine is made. */
  readonly count: number;
  /** In words: which engine of AWS does what. */
  readonly mechanism: string;
  /** From the loss until the capacity is whole again, milliseconds. */
  readonly takes: { readonly low: number; readonly high: number };
  /** What the waiting machines cost; null where the table has no price. */
  readonly usdPerMonth: number | null;
}

/** An estimate from a dated table; no offer and no bill. */
export interface CostPlan {
  readonly items: readonly CostItem[];
  /** Sums by part: the balancers, each pool, each kind of its standbys, the network, the watching. Null where a price is missing. */
  readonly parts: readonly { readonly part: string; readonly usdPerMonth: number | null }[];
  /** USD a month of 730 hours; of what has a price. */
  readonly total: number;
  /** Date of the table. */
  readonly date: string;
  /** What isn't in it, in words. */
  readonly without: readonly string[];
}

export interface CostItem {
  /** Part of the cluster that it belongs to. */
  readonly part: string;
  readonly what: string;
  readonly quantity: number;
  /** USD a month for all of them; null where the table has no price. */
  readonly usdPerMonth: number | null;
}
