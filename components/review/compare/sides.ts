import { clusterFields, networkFields } from "../../plan/machines/replacement.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import type { PlatformReview } from "../platforms/contract.ts";
import { fieldsOf } from "./fields.ts";
import type { Reasons } from "./known.ts";
import type { FieldChange, Sides } from "./types.ts";

/** Why what stands is replaced as a whole, as the platform of both sides tells it. */
export function reasonsOf(plans: Sides<ClusterPlan>, platform: Compared): Reasons {
  const cluster = clusterReasons(plans, platform);
  const network = cluster.length > 0 ? [] : networkReasons(plans, platform);
  return { cluster, network, whole: [...cluster, ...network] };
}

type Compared = Pick<PlatformReview, "clusterReasons" | "networkReasons" | "adoptsNetwork">;

function clusterReasons(plans: Sides<ClusterPlan>, platform: Compared): FieldChange[] {
  const { before, after } = plans;
  if (before === null || after === null) return [];
  const own = fieldsOf("", clusterFields, byKind(before), byKind(after));
  // Of what another platform has nothing is the same anyway.
  return own.length > 0 ? own : platform.clusterReasons(plans);
}

/** The subnet alone where it is another: the network's other addresses follow from it. */
function networkReasons(plans: Sides<ClusterPlan>, platform: Compared): FieldChange[] {
  const { before, after } = plans;
  if (before === null || after === null) return [];
  // An adopted network has a range of its own, whatever the stack's would be.
  const isAdopted = [before, after].every(platform.adoptsNetwork);
  const reasons = [
    ...(isAdopted ? [] : fieldsOf("network", networkFields, before.network, after.network)),
    ...platform.networkReasons(plans),
  ];
  const subnet = reasons.filter(({ path }) => path === "network.subnet");
  return subnet.length > 0 ? subnet : reasons;
}

/** A plan with its platform's name alone: what that one knows is compared by itself. */
export function byKind({ platform, ...plan }: ClusterPlan): object {
  return { ...plan, platform: platform.kind };
}

/** A change of what only a platform knows, without the platform's name before its path. */
export function withoutPlatform({ before, after }: Sides<ClusterPlan>, change: FieldChange): FieldChange {
  const prefix = `${(after ?? before)?.platform.kind}.`;
  return change.path.startsWith(prefix) ? { ...change, path: change.path.slice(prefix.length) } : change;
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
