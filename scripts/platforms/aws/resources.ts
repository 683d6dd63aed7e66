import type { StateResource } from "../../engine/state.ts";

/** What the state knows of a stack on AWS, as far as taking it down needs it. */
export interface StackResources {
  /** Null where there is nothing of AWS's. */
  readonly region: string | null;
  /** ARNs of the load balancers. */
  readonly fronts: readonly string[];
  /** Names of the Auto Scaling groups. */
  readonly groups: readonly string[];
}

/** Of the resources of a state. */
export function resourcesOf(
  resources: readonly Pick<StateResource, "type" | "inputs" | "outputs">[],
): StackResources {
  const of = (type: string, field: string, from: "inputs" | "outputs" = "outputs") =>
    resources.flatMap((resource) => {
      const value = resource.type === type ? resource[from]?.[field] : undefined;
      return typeof value === "string" ? [value] : [];
    });
  return {
    region: of("pulumi:providers:aws", "region", "inputs")[0] ?? null,
    fronts: of("aws:lb/loadBalancer:LoadBalancer", "arn"),
    groups: of("aws:autoscaling/group:Group", "name"),
  };
}
