import { routeAnswering, routeName } from "../../../plan/route-name.ts";
import { poolShown } from "../../../plan/shown.ts";
import type { ClusterPlan, RoutePlan } from "../../../plan/types.ts";
import type { Known } from "../known.ts";
import { paired } from "../sides.ts";
import type { Sentence } from "../types.ts";
import { below, fields, sentence } from "./parts.ts";

/** A sentence for each route that comes, goes or changes. */
export function routeSentences({ plans: { before, after }, settings }: Known): Sentence[] {
  if (before === null || after === null) return [];
  return paired(before.routes, after.routes, routeName)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap((route) => {
      const subject = `route ${route.key}`;
      if (route.after === null)
        return route.before === null ? [] : [{ subject, text: goes(after, route.before) }];
      if (route.before === null) return [{ subject, text: comes(before, after, route.after) }];
      const changes = below(settings, `routes[${route.key}]`);
      return sentence(subject, changes.length === 0 ? [] : [fields(changes)]);
    });
}

/** The pool that answers there. */
function answering(plan: ClusterPlan, place: RoutePlan): string | null {
  const route = routeAnswering(plan, place);
  return route === undefined ? null : poolShown(plan, route.pool);
}

function comes(before: ClusterPlan, after: ClusterPlan, place: RoutePlan): string {
  const [old, now] = [answering(before, place), answering(after, place)];
  return `is new: pool ${now} answers${old === null || old === now ? "" : ` in place of ${old}`}`;
}

function goes(after: ClusterPlan, place: RoutePlan): string {
  const now = answering(after, place);
  return `is removed: ${now === null ? "nobody answers there" : `pool ${now} answers there`}`;
}
