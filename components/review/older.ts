import { planSchema } from "../plan/types.ts";

/*
 * Plans as older revisions of the kit printed them, in today's shape.
 */

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** Today's shape of a plan of any version that is known; all else as it is. */
export function liftPlan(plan: unknown): unknown {
  if (!isFields(plan)) return plan;
  return renamed(named(plan.schema === "hotspare.plan/1" ? second(plan) : plan));
}

/** A timer of the wardens had another name. */
function renamed(plan: Fields): Fields {
  if (!Array.isArray(plan.wardens)) return plan;
  const restartOf = ({ unwellAfter, ...restart }: Fields) =>
    unwellAfter === undefined ? restart : { unhealthyAfter: unwellAfter, ...restart };
  const timersOf = (timers: Fields) =>
    isFields(timers.restart) ? { ...timers, restart: restartOf(timers.restart) } : timers;
  const wardens = plan.wardens.map((warden) =>
    isFields(warden) && isFields(warden.timers) ? { ...warden, timers: timersOf(warden.timers) } : warden,
  );
  return { ...plan, wardens };
}

/** Before there were ids, names stood for both. */
function named(plan: Fields): Fields {
  const pools = Array.isArray(plan.pools) ? plan.pools : [];
  return {
    ...plan,
    shownAs: plan.shownAs ?? plan.cluster,
    ...(pools.length === 0
      ? {}
      : {
          pools: pools.map((pool) =>
            isFields(pool) ? { ...pool, shownAs: pool.shownAs ?? pool.name } : pool,
          ),
        }),
  };
}

/** The first version named the platform, and had what only that one knew in a field of its name. */
function second({ platform, ...plan }: Fields): Fields {
  const own = typeof platform === "string" ? plan[platform] : undefined;
  return {
    ...plan,
    schema: planSchema,
    platform: { kind: platform, ...(isFields(own) ? own : {}) },
    tier: secondTier(plan.tier),
  };
}

/** It had the stack's own words for TLS, and everybody drew conclusions of their own. */
function secondTier(tier: unknown): unknown {
  if (!isFields(tier) || !isFields(tier.tls)) return tier;
  const { certificate } = tier.tls;
  const kind = isFields(certificate) ? certificate.kind : null;
  const end = kind === "acm" ? { at: "front" } : { at: "balancer", selfSigned: kind === "self-signed" };
  const isTold = tier.tls.redirect === true && kind !== "self-signed";
  return { ...tier, tls: { ...tier.tls, end, strictTransport: isTold } };
}
