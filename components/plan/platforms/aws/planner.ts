import type { PlatformPlanner } from "../contract.ts";
import { describeAws } from "./describe.ts";
import { capacityAfterLoss, platformFaults } from "./forecast.ts";
import { awsPlanOf, awsSpecOf } from "./part.ts";
import { planAws } from "./plan.ts";
import { awsWarnings } from "./warnings.ts";

/** Groups that Amazon EC2 keeps, behind a load balancer of its own. */
export const awsPlanner: PlatformPlanner = {
  label: "AWS",
  plan: (input) => planAws(input, awsSpecOf(input.spec)),
  card: () => null,
  describe: (plan) => describeAws(plan, awsPlanOf(plan)),
  faults: (plan, load) => platformFaults(plan, awsPlanOf(plan), load),
  capacityAfterLoss: (plan, pool) => capacityAfterLoss(plan, awsPlanOf(plan), pool),
  poweredWith: () => null,
  warnings: (spec) => awsWarnings(spec, awsSpecOf(spec)),
};
