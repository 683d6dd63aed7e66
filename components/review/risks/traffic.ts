import { hashedBy } from "../../model/algorithms.ts";
import { formatDuration } from "../../model/units.ts";
import { poolCapacity } from "../../plan/capacity.ts";
import { routeAnswering, routeName } from "../../plan/route-name.ts";
import { starvedInWords, starvedNodes, starvedShare } from "../../plan/starved.ts";
import type { PoolPlan } from "../../plan/types.ts";
import { betweenPlans, broughtAbout, eachPool, type PoolSide, percent, type RiskRule } from "./rule.ts";

/* Which node gets what, how often, and how soon a sick one is found. */

const weightStarves: RiskRule = {
  code: "risk.weight-starves-node",
  severity: "warning",
  when: `weights leave an active node less than ${percent(starvedShare)} of its pool's requests`,
  hint: "bring the weights closer together",
  find: ({ before, after }) =>
    (after?.plan.pools ?? []).flatMap(({ name }) => {
      if (after === null) return [];
      const known = new Set(before === null ? [] : starvedNodes(before.plan, name).map(({ node }) => node));
      const starved = starvedNodes(after.plan, name).filter(({ node }) => !known.has(node));
      const text = starvedInWords(starved);
      const what =
        starved.length === 1
          ? "it is neither warm nor watched, and its faults show first when it is needed"
          : "they are neither warm nor watched, and their faults show first when they are needed";
      return text === null ? [] : [{ path: `pools.${name}.weights`, message: `${text}: ${what}` }];
    }),
};

const keysMoved: RiskRule = {
  code: "risk.keys-moved",
  severity: "warning",
  when: "of a pool that hashes, more than half of all keys go to another node",
  hint: "change the nodes in smaller steps; caches and sessions of moved keys are cold",
  find: ({ change }) =>
    (change?.pools ?? [])
      .filter(({ keysMoved }) => keysMoved !== null && keysMoved > 0.5)
      .map(({ name, keysMoved }) => ({
        path: `pools.${name}`,
        message: `${percent(keysMoved ?? 0)} of all keys go to another node than before`,
      })),
};

/**
 * The kit's own balancer lets standbys and hashing stand together (nginx itself has no `backup` with `ip_hash`). What it costs:
 * a standby that the warden lets serve takes its share of all keys, those of well nodes too, and gives them back afterwards.
 */
const hashWithStandby: RiskRule = {
  code: "risk.hash-with-hot-standby",
  severity: "notice",
  when: "a pool hashes and has hot standbys that a warden lets serve",
  hint: "fine for caches; keep sessions that must not move outside the nodes",
  find: broughtAbout((plan) =>
    plan.wardens.length === 0
      ? []
      : plan.pools
          .filter((pool) => isHashed(pool) && poolCapacity(plan, pool.name).hot > 0)
          .flatMap(({ name }) => {
            const extra = movedByStandby(poolCapacity(plan, name).shares.map(({ weight }) => weight));
            if (extra === 0) return [];
            return {
              path: `pools.${name}.algorithm`,
              message: `when an active node is lost its keys go to others, as they must; the hot standby that steps in takes ${percent(extra)} of all keys from nodes that are well besides, until the active nodes are back`,
            };
          }),
  ),
};

function isHashed({ algorithm }: PoolPlan): boolean {
  return hashedBy(algorithm) !== null;
}

/**
 * Part of all keys, 0–1, that a standby of weight 1 takes from well nodes when the most loaded node is lost. By weighted
 * rendezvous hashing (infra/runtime/balancer/lua/hotspare/algorithms.lua) the order of nodes for a key is a race of exponential
 * times with the weights as rates: the standby has to come before all who are left, and the lost one must not have been first.
 */
function movedByStandby(weights: readonly number[]): number {
  const lost = Math.max(...weights);
  const left = weights.reduce((sum, weight) => sum + weight, 0) - lost;
  if (left === 0) return 0;
  const [standby, all] = [1, left + lost + 1];
  const bothBefore = (standby / all) * (lost / (left + lost)) + (lost / all) * (standby / (left + standby));
  return standby / (left + standby) - bothBefore;
}

const routeIdempotent: RiskRule = {
  code: "risk.route-idempotent",
  severity: "warning",
  when: "a path whose POSTs went to one node only may have them sent to a second one",
  hint: "make sure that the pool takes the same request twice without harm, by an id in it for instance",
  find: betweenPlans((before, after) =>
    after.routes
      .filter((route) => route.idempotent && routeAnswering(before, route)?.idempotent === false)
      .map((route) => ({ name: routeName(route), tries: route.tries }))
      .map(({ name, tries }) => ({
        path: `routes[${name}].idempotent`,
        message: `POST, PATCH and LOCK below ${name} may be done up to ${tries} times when a node is lost while it works on them`,
      })),
  ),
};

/** Slower than that a balancer's checks find a sick node late enough to be felt; a choice of ours. */
const slowDetection = 2000;

const healthLoosened: RiskRule = {
  code: "risk.health-loosened",
  severity: "warning",
  when: `a silent node is found after more than twice the time that it took before, and more than ${formatDuration(slowDetection)}`,
  hint: "keep interval × fall + timeout short; a node that is slow at times is better served by a longer timeout than by rare checks",
  find: eachPool((pool, before, after) => {
    const [old, now] = [detection(before), detection(after)];
    if (now <= 2 * old || now <= slowDetection) return null;
    return {
      path: `pools.${pool}.health`,
      message: `a node that hangs is taken out after up to ${formatDuration(now)}, ${formatDuration(old)} before; until then it gets its share of the requests`,
    };
  }),
};

/** Longest time until `fall` checks in a row have failed by silence, milliseconds. */
function detection({ plan: { health } }: PoolSide): number {
  return health.fall * health.interval + health.timeout;
}

const wardenOff: RiskRule = {
  code: "risk.warden-off-with-cold",
  severity: "danger",
  when: "wardens are switched off while there are cold standbys",
  hint: "keep `warden.enabled`, or remove the cold standbys that nobody starts",
  find: betweenPlans((before, after) => {
    // Where the platform's own engine keeps the machines there is no need of wardens.
    if (before.wardens.length === 0 || after.wardens.length > 0 || after.groups.length > 0) return [];
    return after.pools
      .map(({ name, shownAs }) => ({ shownAs, cold: poolCapacity(after, name).cold }))
      .filter(({ cold }) => cold > 0)
      .map(({ shownAs, cold }) => ({
        path: "warden.enabled",
        message: `nobody starts the ${cold === 1 ? "cold standby" : `${cold} cold standbys`} of pool "${shownAs}" any more, and no dead node is brought back`,
      }));
  }),
};

export const trafficRules: readonly RiskRule[] = [
  weightStarves,
  keysMoved,
  hashWithStandby,
  routeIdempotent,
  healthLoosened,
  wardenOff,
];
