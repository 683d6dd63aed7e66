import type { Problem } from "../problem.ts";
import type { ClusterSpec } from "../spec.ts";
import { acknowledgeRules } from "./acknowledge.ts";
import { availabilityRules } from "./availability.ts";
import { awsRules } from "./aws.ts";
import { balancerRules } from "./balancer.ts";
import { networkRules } from "./network.ts";
import { poolRules } from "./pools.ts";
import { routeRules } from "./routes.ts";

/** A check across fields, for a stack whose shape is right. Returns all that it finds. */
export type Rule = (spec: ClusterSpec) => Problem[];

/** Every rule. Each stands for itself, so that one problem never hides another. */
export const rules: readonly Rule[] = [
  ...availabilityRules,
  ...acknowledgeRules,
  ...networkRules,
  ...balancerRules,
  ...poolRules,
  ...routeRules,
  ...awsRules,
];
