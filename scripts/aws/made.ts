import { exportState } from "../engine/stack.ts";

/** What the state knows of a stack on AWS, as far as bringing it up and taking it down need it. */
export interface Made {
  /** Null where there is nothing of AWS's. */
  readonly region: string | null;
  readonly fronts: readonly Front[];
  /** Names of the Auto Scaling groups. */
  readonly groups: readonly string[];
}

/** A load balancer. */
interface Front {
  readonly arn: string;
  /** It stands in one of each zone. */
  readonly subnets: number;
  readonly isProtected: boolean;
}

interface Resource {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** By the state and not by the stack's file: that may have changed since, or not load any more. */
export async function madeThings(stack: string): Promise<Made> {
  const { deployment } = (await exportState(stack)) as { deployment?: { resources?: readonly Resource[] } };
  return madeOf(deployment?.resources ?? []);
}

/** The same of the resources of a state. */
export function madeOf(resources: readonly Resource[]): Made {
  const of = (type: string, field: string, from: "inputs" | "outputs" = "outputs") =>
    resources.flatMap((resource) => {
      const value = resource.type === type ? resource[from]?.[field] : undefined;
      return typeof value === "string" ? [value] : [];
    });
  return {
    region: of("pulumi:providers:aws", "region", "inputs")[0] ?? null,
    fronts: resources.flatMap(frontOf),
    groups: of("aws:autoscaling/group:Group", "name"),
  };
}

function frontOf({ type, outputs = {} }: Resource): Front[] {
  const { arn, subnets, enableDeletionProtection } = outputs;
  if (type !== "aws:lb/loadBalancer:LoadBalancer" || typeof arn !== "string") return [];
  return [
    {
      arn,
      subnets: Array.isArray(subnets) ? subnets.length : 0,
      isProtected: enableDeletionProtection === true,
    },
  ];
}
