import { poolShown } from "../../../plan/shown.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import type { Known } from "../known.ts";
import { paired } from "../sides.ts";
import type { Sentence } from "../types.ts";
import { below, fields, sentence } from "./parts.ts";

/** A sentence for each route that comes, goes or changes. */
export function routeSentences({ plans: { before, after }, settings }: Known): Sentence[] {
  if (before === null || after === null) return [];
  return paired(before.routes, after.routes, ({ path }) => path)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap((route) => {
      if (route.before === null)
        return [{ subject: `route ${route.key}`, text: comes(before, after, route.key) }];
      if (route.after === null) return [{ subject: `route ${route.key}`, text: goes(after, route.key) }];
      const changes = below(settings, `routes[${route.key}]`);
      return sentence(`route ${route.key}`, changes.length === 0 ? [] : [fields(changes)]);
    });
}

/** The pool that answers a path: of the longest route that it begins with. The plan has them in this order. */
function answering(plan: ClusterPlan, path: string): string | null {
  const route = plan.routes.find((candidate) => path.startsWith(candidate.path));
  return route === undefined ? null : poolShown(plan, route.pool);
}

function comes(before: ClusterPlan, after: ClusterPlan, path: string): string {
  const [old, now] = [answering(before, path), answering(after, path)];
  return `is new: pool ${now} answers${old === null || old === now ? "" : ` in place of ${old}`}`;
}

function goes(after: ClusterPlan, path: string): string {
  const now = answering(after, path);
  return `is removed: ${now === null ? "nobody answers there" : `pool ${now} answers there`}`;
}
