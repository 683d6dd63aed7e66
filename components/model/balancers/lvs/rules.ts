import { platformTraits } from "../../platforms/select.ts";
import type { Rule } from "../../rules/rule.ts";

/** Silent where the platform could never take it, which a rule of the platform says. */
const notBuilt: Rule = ({ balancer, platform }) =>
  balancer.kind === "lvs" && balancer.forwarding === "dr" && !platformTraits(platform.kind).deliversByMac
    ? []
    : [
        {
          code: "balancer.not-built",
          path: "balancer.kind",
          message: `"${balancer.kind}" is part of the stack's shape but not built yet`,
          hint: 'use { kind: "nginx" } for now',
        },
      ];

export const lvsRules: readonly Rule[] = [notBuilt];
