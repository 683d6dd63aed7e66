import { outByChecks } from "../../components/plan/checks.ts";
import { forecast } from "../../components/plan/forecast.ts";
import type { ForecastLoad } from "../../components/plan/forecast-types.ts";
import { enoughAnswers, looksEach } from "../../components/plan/patience.ts";
import type { ClusterPlan } from "../../components/plan/types.ts";
import type { Facts, Judged } from "./facts-types.ts";
import { forecastLoad, service } from "./streams.ts";
import { tierDrills } from "./tiers/select.ts";

/**
 * What a drill is judged by on a plan, under so many requests a second, when its fault lasts `hold`; null where the timers say
 * nothing of it.
 */
export function factsOf(
  drill: Judged,
  plan: ClusterPlan,
  pool: string,
  load: { readonly rate: number; readonly hold: number },
): Facts | null {
  const basis = drill.basis ?? drill.id;
  const asked = forecastLoad(plan, pool, load.rate, load.hold);
  const said = forecast(plan, asked).find(({ id }) => id === basis);
  const planned = plan.pools.find(({ name }) => name === pool);
  const bears = tierDrills(plan.tier.kind).load.bears(plan, pool, service);
  if (said === undefined || planned === undefined || bears === null) return null;
  const timers = plan.wardens[0]?.timers;
  return {
    fault: drill.fault,
    forecast: said,
    basis: said.id,
    health: planned.health,
    silence: outByChecks(planned, true),
    silentWait: bears.silence,
    learning: said.unlearned === undefined ? 0 : learning(asked.rate),
    shortestWait: bears.shortest,
    stays: bears.stays,
    advertise: (plan.directors?.tier ?? plan.tier).failover.advertise,
    coldAfter: timers?.coldAfter ?? 0,
    calm: timers?.calm ?? 0,
    rollout: plan.rollout,
    active: plan.nodes.filter((node) => node.pool === pool && node.role === "active").length,
    balancers: plan.balancers.length,
    keeps: drill.keeps ?? 0,
    service,
  };
}

/** As many answers of the route with the fewest as are needed, and one look after the last of them. */
function learning({ get, post, idempotent }: ForecastLoad["rate"]): number {
  const fewest = Math.min(...[get + post, idempotent].filter((rate) => rate > 0));
  return (1000 * enoughAnswers) / fewest + 2 * looksEach;
}
