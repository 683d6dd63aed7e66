import { routeName } from "../../plan/route-name.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { platformSettings } from "../platforms/select.ts";
import { tierReview } from "../tiers/select.ts";
import { directorSettings } from "./directors.ts";
import { fieldChanges, fieldsOf } from "./fields.ts";
import { poolNames } from "./names.ts";
import { byKind, paired } from "./sides.ts";
import type { FieldChange, Sides } from "./types.ts";

/** Settings of the cluster that are another one's affair than a machine's or a pool's; none where a side has no cluster. */
export function settingChanges({ before, after }: Sides<ClusterPlan>): FieldChange[] {
  if (before === null || after === null) return [];
  return [
    ...fieldChanges("name", before.shownAs, after.shownAs),
    ...fieldsOf(
      "",
      ["cluster", "environment", "owner", "platform", "protect"],
      byKind(before),
      byKind(after),
    ),
    ...fieldsOf("", ["network"], before, after),
    ...tierSettings(before, after),
    ...directorSettings(before, after),
    ...routeSettings(before, after),
    ...fieldsOf("", ["rollout"], before, after),
    ...wardenSettings(before, after),
    ...platformSettings({ before, after }),
  ];
}

/** The kind names the tier's other fields; it is no choice among values of one field. */
function tierSettings(before: ClusterPlan, after: ClusterPlan): FieldChange[] {
  const own = ({ tier, door }: ClusterPlan) => tierReview(tier.kind).settings(tier, door?.address ?? null);
  return [
    ...fieldChanges("tier.kind", before.tier.kind, after.tier.kind),
    ...fieldChanges("tier", own(before), own(after)),
  ];
}

function routeSettings(before: ClusterPlan, after: ClusterPlan): FieldChange[] {
  const shown = poolNames({ before, after });
  return paired(before.routes, after.routes, routeName)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap((route) => {
      const [old, now] = [route.before, route.after].map((side) => {
        const { path: _, host: __, ...fields } = side ?? { path: "", host: null };
        return side === null ? fields : { ...fields, pool: shown(side.pool) };
      });
      return fieldChanges(`routes[${route.key}]`, old, now);
    });
}

/** All wardens of a cluster have the same timers. */
function wardenSettings(before: ClusterPlan, after: ClusterPlan): FieldChange[] {
  const [old, now] = [before.wardens[0], after.wardens[0]];
  const enabled = fieldChanges("warden.enabled", old !== undefined, now !== undefined);
  return old === undefined || now === undefined ? enabled : fieldChanges("warden", old.timers, now.timers);
}
