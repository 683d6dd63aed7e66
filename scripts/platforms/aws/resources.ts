import { exportState } from "../../engine/stack.ts";

/** What the state knows of a stack on AWS, as far as taking it down needs it. */
export interface StackResources {
  /** Null where there is nothing of AWS's. */
  readonly region: string | null;
  /** ARNs of the load balancers. */
  readonly fronts: readonly string[];
  /** Names of the Auto Scaling groups. */
  readonly groups: readonly string[];
}

interface Resource {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** By the state and not by the stack's file: that may have changed since, or not load any more. */
export async function readResources(stack: string): Promise<StackResources> {
  const { deployment } = (await exportState(stack)) as { deployment?: { resources?: readonly Resource[] } };
  return resourcesOf(deployment?.resources ?? []);
}

/** The same of the resources of a state. */
export function resourcesOf(resources: readonly Resource[]): StackResources {
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
