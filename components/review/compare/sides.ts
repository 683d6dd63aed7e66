import { clusterFields, networkFields } from "../../plan/replacement.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { awsChanges, vpcReasons } from "../platforms/aws/compare.ts";
import { fieldsOf } from "./fields.ts";
import type { Cover, FieldChange, FileChange, MachineChange, PoolChange, Sides } from "./types.ts";

/** What is known of a change when its sentences, its roll-out and its picture are made. */
export interface Known {
  readonly plans: Sides<ClusterPlan>;
  /** Those that the plans list one by one. */
  readonly machines: readonly MachineChange[];
  /** Groups of machines that a platform's engine keeps. */
  readonly groups: readonly MachineChange[];
  readonly pools: readonly PoolChange[];
  readonly settings: readonly FieldChange[];
  readonly files: readonly FileChange[];
  readonly cover: Sides<Cover>;
}

/** Why everything is made anew; empty where it isn't. */
export function clusterReasons({ before, after }: Sides<ClusterPlan>): FieldChange[] {
  if (before === null || after === null) return [];
  const own = fieldsOf("", clusterFields, before, after);
  // Of what another platform has nothing is the same anyway.
  if (own.length > 0) return own;
  // An account that is named for the first time is where the cluster is, and one that isn't any more as well.
  const isNamed = before.aws?.account != null && after.aws?.account != null;
  return fieldsOf("aws", isNamed ? ["account", "region"] : ["region"], before.aws, after.aws);
}

/**
 * Why the network is made anew, and with it all that stands in it; empty where it isn't, or where all is made anew anyway. The
 * subnet alone where it is another: the network's other addresses follow from it.
 */
export function networkReasons(plans: Sides<ClusterPlan>): FieldChange[] {
  const { before, after } = plans;
  if (before === null || after === null || clusterReasons(plans).length > 0) return [];
  // An adopted VPC has a range of its own, whatever the stack's network would be.
  const isAdopted = [before, after].every(({ aws }) => aws?.vpc.kind === "adopted");
  const reasons = [
    ...(isAdopted ? [] : fieldsOf("network", networkFields, before.network, after.network)),
    ...vpcReasons(awsChanges(plans)),
  ];
  const subnet = reasons.filter(({ path }) => path === "network.subnet");
  return subnet.length > 0 ? subnet : reasons;
}

/** Why everything that serves is made anew, be it for the network's sake or the cluster's; empty where it isn't. */
export function wholeReasons(plans: Sides<ClusterPlan>): FieldChange[] {
  return [...clusterReasons(plans), ...networkReasons(plans)];
}

/** Things of both sides by key: those of `after` in its order, then those that are gone in theirs. */
export function paired<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (thing: T) => string,
): { readonly key: string; readonly before: T | null; readonly after: T | null }[] {
  const old = new Map(before.map((thing) => [keyOf(thing), thing]));
  const now = new Map(after.map((thing) => [keyOf(thing), thing]));
  return [...new Set([...now.keys(), ...old.keys()])].map((key) => ({
    key,
    before: old.get(key) ?? null,
    after: now.get(key) ?? null,
  }));
}
