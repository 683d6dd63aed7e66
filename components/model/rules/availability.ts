import type { Rule } from "./rule.ts";

/* What production asks of a stack. */

const productionPair: Rule = (spec) =>
  spec.environment === "production" && spec.balancer.count < 2
    ? [
        {
          code: "balancer.single-in-production",
          path: "balancer.count",
          message: "1 balancer in production: when it is lost nothing answers, whatever the nodes do",
          hint: "use 2 or more",
        },
      ]
    : [];

const productionProtected: Rule = (spec) =>
  spec.environment === "production" && !spec.protect
    ? [
        {
          code: "stack.unprotected-production",
          path: "protect",
          message: "a production cluster could be removed without a question",
          hint: "set it to true",
        },
      ]
    : [];

/** About one tier. */
export const pairRules: readonly Rule[] = [productionPair];

export const availabilityRules: readonly Rule[] = [...pairRules, productionProtected];
