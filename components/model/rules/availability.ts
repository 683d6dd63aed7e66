import type { Rule } from "./rule.ts";

/*
 * What the shape of a stack can express but this version can't build. Refused here, before the planner, so that nobody
 * waits for an engine to hear it.
 */

const platformBuilt: Rule = (spec) =>
  spec.platform.kind !== "metal"
    ? []
    : [
        {
          code: "platform.not-built",
          path: "platform.kind",
          message: `"${spec.platform.kind}" is part of the stack's shape but not built yet`,
          hint: 'use { kind: "docker" } or { kind: "aws", … } for now',
        },
      ];

const balancerBuilt: Rule = (spec) =>
  spec.balancer.kind === "nginx" || (spec.platform.kind === "aws" && spec.balancer.forwarding === "dr")
    ? []
    : [
        {
          code: "balancer.not-built",
          path: "balancer.kind",
          message: `"${spec.balancer.kind}" is part of the stack's shape but not built yet`,
          hint: 'use { kind: "nginx" } for now',
        },
      ];

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

export const availabilityRules: readonly Rule[] = [
  platformBuilt,
  balancerBuilt,
  productionPair,
  productionProtected,
];
