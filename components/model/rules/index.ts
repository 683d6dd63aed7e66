import { balancerRules, frontRules } from "../balancers/select.ts";
import { platformRules } from "../platforms/select.ts";
import { aboutKnownFields } from "../unknown.ts";
import { accessoryRules } from "./accessories.ts";
import { acknowledgeRules } from "./acknowledge.ts";
import { availabilityRules, pairRules } from "./availability.ts";
import { behind } from "./behind.ts";
import { networkRules } from "./network.ts";
import { poolRules } from "./pools.ts";
import { routeRules } from "./routes.ts";
import type { Rule } from "./rule.ts";
import { stickyRules } from "./sticky.ts";
import { tierRules } from "./tier.ts";
import { workerRules } from "./workers.ts";

/** The rules of the stack's own kinds. */
const ofPlatform: Rule = (spec) => eachHeard(platformRules(spec.platform.kind))(spec);
const ofBalancer: Rule = (spec) => eachHeard(balancerRules(spec.balancer.kind))(spec);

const eachHeard =
  (rules: readonly Rule[]): Rule =>
  (spec) =>
    rules.flatMap((rule) => aboutKnownFields(() => rule(spec)));

const ofEach: Rule = eachHeard([
  ...availabilityRules,
  ...acknowledgeRules,
  ...networkRules,
  ofBalancer,
  ...tierRules,
  ...poolRules,
  ...accessoryRules,
  ...workerRules,
  ...stickyRules,
  ...routeRules,
  ofPlatform,
]);

/** What is wrong with a stack across its fields. Each rule stands for itself, so that one problem never hides another. */
export const checkRules: Rule = (spec) => {
  const { directors } = spec;
  if (directors === null) return ofEach(spec);
  const asTier = { ...spec, balancer: directors, directors: null };
  return [
    ...ofEach(spec).map(behind),
    ...eachHeard(frontRules(directors.kind))(spec),
    // What holds for any tier: in the stack the directors are the balancer.
    ...eachHeard([...tierRules, ...pairRules])(asTier),
  ];
};
