/*
 * What AWS tells of a cluster, in plain data: between the SDK, whose answers have every field optional, and what is made of them.
 */

/** All that was found of a cluster; what isn't there is missing. */
export interface Observed {
  /** By the group's name. */
  readonly groups: ReadonlyMap<string, ObservedGroup>;
  readonly front: ObservedFront | null;
  /** Those of the plan that exist. */
  readonly alarms: readonly ObservedAlarm[];
}

export interface ObservedGroup {
  readonly min: number;
  readonly desired: number;
  readonly max: number;
  /** What new machines start from. */
  readonly version: string | null;
  readonly machines: readonly ObservedMachine[];
  /** Those of its warm pool. */
  readonly waiting: readonly ObservedMachine[];
  /** The latest change that has rolled, or rolls, through it. */
  readonly refresh: ObservedRefresh | null;
  /** What somebody has told the group not to do, e.g. `Launch`. */
  readonly suspended: readonly string[];
}

export interface ObservedMachine {
  readonly id: string;
  readonly zone: string;
  /** Private address; null before it has one. */
  readonly address: string | null;
  /** Auto Scaling's word, e.g. `InService`, `Pending:Wait`, `Warmed:Stopped`. */
  readonly lifecycle: string;
  /** What Auto Scaling takes it for; an unhealthy one is about to be replaced. */
  readonly healthy: boolean;
  /** Version of the template that it was made from. */
  readonly version: string | null;
  /** What the load balancer's checks say, the worst of several; null where it isn't a target. */
  readonly target: ObservedTarget | null;
}

export interface ObservedTarget {
  /** `healthy`, `unhealthy`, `initial`, `draining`, `unused`, `unavailable`. */
  readonly state: string;
  /** AWS's code, e.g. `Target.FailedHealthChecks`; "" for none. */
  readonly reason: string;
}

export interface ObservedRefresh {
  readonly id: string;
  /** AWS's word, e.g. `InProgress`, `Successful`, `RollbackSuccessful`. */
  readonly status: string;
  readonly percent: number;
  /** Machines that are still to be replaced. */
  readonly left: number;
  /** AWS's sentence; "" for none. */
  readonly reason: string;
  /** ISO 8601; null while it goes on. */
  readonly ended: string | null;
}

export interface ObservedFront {
  readonly arn: string;
  /** Name in DNS. */
  readonly address: string;
  /** `active`, `provisioning`, `active_impaired`, `failed`. */
  readonly state: string;
  readonly zones: readonly string[];
  /** Whether it has addresses inside the VPC alone. */
  readonly internal: boolean;
  /** Allocations of the Elastic IPs that it was given; none where they are AWS's own. */
  readonly addresses: readonly string[];
}

export interface ObservedAlarm {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** ISO 8601; null where AWS doesn't tell. */
  readonly since: string | null;
  readonly reason: string;
}

/** Whether a change is rolling through a group now, in either direction. */
export function isRolling({ status }: ObservedRefresh): boolean {
  return ["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"].includes(status);
}

/** Whether a change didn't come to its end: the group has machines of before. */
export function isRefused({ status }: ObservedRefresh): boolean {
  return ["Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"].includes(status);
}

/** A machine of a warm pool that could take over; one that is being made can't yet. */
export function isReady({ lifecycle }: ObservedMachine): boolean {
  return /^Warmed:(Stopped|Hibernated|Running)$/.test(lifecycle);
}
