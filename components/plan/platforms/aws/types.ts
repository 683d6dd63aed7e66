import type { Architecture } from "../../../model/platforms/aws/instances.ts";
import type { AgentName, AgentPin } from "../../../model/platforms/aws/pins.ts";
import type { AwsSpec } from "../../../model/spec.ts";
import type { Range } from "../../forecast-types.ts";

/*
 * What a plan for Amazon EC2 has beside its groups.
 */

/** What only Amazon EC2 knows of a cluster. */
export interface AwsPlan {
  readonly kind: "aws";
  readonly region: string;
  readonly account: string | null;
  readonly vpc: VpcPlan;
  readonly front: FrontPlan;
  /** What nodes may reach besides the balancers and the web. */
  readonly reach: AwsSpec["reach"];
  /** CIDRs whose clients may come in. */
  readonly clients: readonly string[];
  /** Image of the machines: by a public parameter for each architecture, by the lock file's ids, or by the stack's own. */
  readonly image:
    | { readonly kind: "parameter"; readonly names: Readonly<Record<Architecture, string>> }
    | {
        readonly kind: "pinned";
        readonly ids: Readonly<Record<Architecture, string>>;
        /** UTC day on which they were the newest. */
        readonly on: string;
      }
    | { readonly kind: "ami"; readonly id: string };
  /** AWS's agents by version and digest; null for the newest, unchecked. */
  readonly agents: Readonly<Record<AgentName, AgentPin | null>>;
  /** Root disk of each machine, GiB. */
  readonly disk: number;
  /** ARN of the KMS key; null for AWS's own. */
  readonly key: string | null;
  /** ARN of the policy that bounds every role; null for none. */
  readonly permissionsBoundary: string | null;
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
  /** Inside the VPC alone; left out: for the internet. */
  readonly internal?: true;
  /** Allocations of Elastic IPs, zone by zone; left out: whichever AWS gives. */
  readonly addresses?: readonly string[];
  /** Its name in Route 53; left out: none. */
  readonly dns?: DnsPlan;
  /** Milliseconds that a connection may be silent. */
  readonly idleTimeout: number;
  /** How it asks balancers and nodes whether they are well. */
  readonly probe: ProbePlan;
  /**
   * Listeners that let in nobody and exist for the checks of a group of nodes alone: the load balancer checks only targets that
   * a listener leads to, and a group of nodes hears from it who is unhealthy.
   */
  readonly checks: readonly CheckPlan[];
}

/** A name that leads to the load balancer. */
export interface DnsPlan {
  /** Id of the hosted zone. */
  readonly zone: string;
  readonly name: string;
  /** Which of two clusters under the name it is; null for one alone. */
  readonly failover: "primary" | "secondary" | null;
}

export interface CheckPlan {
  /** Key of the group. */
  readonly group: string;
  readonly port: number;
  /** Path that is asked whether a node is alive; null where a connection is enough. Whether it can serve the balancers ask. */
  readonly live: string | null;
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
  | { readonly source: "certificate"; readonly arn: string; readonly name: string }
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
  /** What comes on top by the stack's `traffic`, in a quiet month and in a busy one. */
  readonly traffic: {
    /** Requests a second. */
    readonly requests: Range;
    /** Bytes of an answer. */
    readonly answer: number;
    readonly items: readonly TrafficCost[];
    /** USD a month; null where the table has no prices of the region. */
    readonly total: Range | null;
  };
  /** Date of the table. */
  readonly date: string;
  /** What isn't in it, in words. */
  readonly without: readonly string[];
}

export interface TrafficCost {
  readonly what: string;
  /** USD a month; null where the table has no price. */
  readonly usdPerMonth: Range | null;
}

export interface CostItem {
  /** Part of the cluster that it belongs to. */
  readonly part: string;
  readonly what: string;
  readonly quantity: number;
  /** USD a month for all of them; null where the table has no price. */
  readonly usdPerMonth: number | null;
}
