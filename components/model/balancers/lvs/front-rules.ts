import { platformTraits } from "../../platforms/select.ts";
import type { Problem } from "../../problem.ts";
import type { Rule } from "../../rules/rule.ts";
import type { ClusterSpec, DirectorsSpec } from "../../spec.ts";
import { mostDirectorsInFront } from "./layers.ts";
import { forwardingBuilt } from "./rules.ts";

/*
 * Rules about stacks with directors in front of balancers that read requests.
 */

type FrontRule = (directors: DirectorsSpec, spec: ClusterSpec) => Problem[];

const directorsThere: FrontRule = (_, { platform: { kind } }) =>
  platformTraits(kind).directors
    ? []
    : [
        {
          code: "balancer.not-built",
          path: "balancer.kind",
          message: `directors in front of balancers are not built yet for the platform "${kind}"`,
          hint: "make what is behind them the balancer itself, or use the platform docker",
        },
      ];

const noServices: FrontRule = ({ services }) =>
  services.length === 0
    ? []
    : [
        {
          code: "balancer.services-in-front",
          path: "balancer.services",
          message:
            "the directors forward the ports of the balancers behind them, which lead to the pools by routes",
          hint: "leave it out, or put services of layer 4 into a stack of their own, without `behind`",
        },
      ];

/** Both tiers speak VRRP in one network segment. */
const routersApart: FrontRule = ({ failover }, { balancer }) =>
  failover.routerId !== balancer.failover.routerId
    ? []
    : [
        {
          code: "balancer.router-id-twice",
          path: "balancer.behind.failover.routerId",
          message: `${failover.routerId} is also the directors' (balancer.failover.routerId), and both are in one network`,
          hint: "use another number, 1 to 255",
        },
      ];

/** A cluster's network has addresses for so many (layout.ts). */
const fewDirectors: FrontRule = ({ count }) =>
  count <= mostDirectorsInFront
    ? []
    : [
        {
          code: "balancer.directors-too-many",
          path: "balancer.count",
          message: `${count} directors in front of balancers, and the network's layout has addresses for ${mostDirectorsInFront}`,
          hint: `use ${mostDirectorsInFront} or fewer: one serves, the others stand by`,
        },
      ];

const rules: readonly FrontRule[] = [
  directorsThere,
  ({ forwarding }) => forwardingBuilt(forwarding),
  noServices,
  routersApart,
  fewDirectors,
];

export const lvsFrontRules: readonly Rule[] = rules.map(
  (rule): Rule =>
    (spec) =>
      spec.directors === null ? [] : rule(spec.directors, spec),
);
