import { awsRules } from "../platforms/aws/rules/index.ts";
import { acknowledgeRules } from "./acknowledge.ts";
import { availabilityRules } from "./availability.ts";
import { balancerRules } from "./balancer.ts";
import { networkRules } from "./network.ts";
import { poolRules } from "./pools.ts";
import { routeRules } from "./routes.ts";
import type { Rule } from "./rule.ts";

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
