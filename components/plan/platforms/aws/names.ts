import { fnv1a } from "../../../model/hash.ts";
import { machineName } from "../../machine.ts";
import type { ClusterPlan } from "../../types.ts";
import { awsPart } from "./part.ts";

/*
 * Names on AWS that more than one part must agree on: what makes a thing, what may use it, and what looks for it from a machine.
 * Limits: Elastic Load Balancing 32 characters of letters, digits and inner hyphens, not beginning with `internal-`; buckets 63,
 * unique in the world; IAM roles 64; parameters 1,011 with their path.
 */

/** A name within a limit; a longer one is cut and gets six digits of its hash, so that two that begin alike differ. */
export function limited(name: string, limit: number): string {
  if (name.length <= limit) return name;
  const hash = fnv1a(name).toString(16).padStart(8, "0").slice(0, 6);
  return `${name.slice(0, limit - 7).replace(/-+$/, "")}-${hash}`;
}

/** Name of the load balancer. */
export function frontName(name: string): string {
  return limited(name.startsWith("internal-") ? `x-${name}` : name, 32);
}

/**
 * Name of a target group. What replaces one when it changes is part of it: the new one is made before the old one goes, so it
 * can't have the same name.
 */
export function targetGroupName(name: string, protocol: string, port: number): string {
  const hash = fnv1a(`${protocol}/${port}`).toString(16).padStart(8, "0").slice(0, 4);
  const safe = name.startsWith("internal-") ? `x-${name}` : name;
  return `${limited(safe, 27)}-${hash}`;
}

/** Names that belong to the cluster as a whole. */
export function clusterNames(plan: Pick<ClusterPlan, "cluster" | "owner" | "platform">) {
  const base = machineName(plan.cluster, plan.owner, "");
  return {
    /** Bucket of the bundles that machines start from. */
    bucket: limited(`hotspare-${plan.owner.slice(0, 12)}-${plan.cluster}-${awsPart(plan)?.region ?? ""}`, 63),
    /** Path of the parameters that hold the secrets' values; with a slash at its end. */
    parameters: `/hotspare/${base.slice(0, -1)}/`,
    /** Path of the log groups; with a slash at its end. */
    logs: `/hotspare/${base.slice(0, -1)}/`,
    topic: `${base}alarms`,
    dashboard: base.slice(0, -1),
  };
}

/** Role of a pool's containers. Its machines' begins with `pool-` or is the balancers', so no pool's name makes the two the same. */
export function containerRole(
  plan: Pick<ClusterPlan, "cluster" | "owner" | "platform">,
  pool: string,
): string {
  return limited(`${clusterNames(plan).dashboard}-app-${pool}`, 64);
}

/** Parameter that holds a secret's value. */
export function secretParameter(
  plan: Pick<ClusterPlan, "cluster" | "owner" | "platform">,
  secret: string,
): string {
  return `${clusterNames(plan).parameters}${secret}`;
}

/**
 * Namespace of the metrics that the balancers publish, and the names of theirs. Each balancer publishes its own share, so each has
 * the one statistic that puts the shares together; `infra/runtime/follower/figures.ts` says how.
 */
export const metrics = {
  namespace: "hotspare",
  /** Of an active group, dimension `Group` with its name: requests a second and node in service; `Sum`. */
  requests: "RequestsPerNode",
  /** Of a pool, dimensions `Cluster` (the dashboard's name) and `Pool`: part of the answers that are 5xx, percent; `Average`. */
  errors: "ServerErrorPercent",
  /** As above: seconds until the answer; percentiles. */
  latency: "RequestSeconds",
  /** As above: requests that were asked of another node, and failures passed on because there had been too many of these; `Sum`. */
  retries: "Retries",
  refused: "RetriesRefused",
} as const;

/** Names of the lifecycle hooks: a machine completes the first when it is ready, the second when it has finished. */
export const hooks = { ready: "ready", drain: "drain" } as const;

/** First part of every ARN in a region. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
