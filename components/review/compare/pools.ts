import { type PoolCapacity, type PoolCount, poolCapacity } from "../../plan/capacity.ts";
import type { ClusterPlan, PoolPlan } from "../../plan/types.ts";
import { fieldChanges, fieldsOf } from "./fields.ts";
import { keysMoved } from "./keys-moved.ts";
import { nodeSettings } from "./machines.ts";
import { paired } from "./sides.ts";
import type { FieldChange, PoolChange, ShareChange, Sides } from "./types.ts";
import { byKey } from "./words.ts";

/** The pools that differ: those of the plan afterwards in its order, then those that are gone. */
export function poolChanges(plans: Sides<ClusterPlan>): PoolChange[] {
  return paired(plans.before?.pools ?? [], plans.after?.pools ?? [], ({ name }) => name).flatMap(
    ({ key, before, after }) => {
      const change = poolChange(key, plans, { before, after });
      return isChange(change) ? [change] : [];
    },
  );
}

function poolChange(name: string, plans: Sides<ClusterPlan>, pool: Sides<PoolPlan>): PoolChange {
  const capacities = {
    before: pool.before === null || plans.before === null ? null : poolCapacity(plans.before, name),
    after: pool.after === null || plans.after === null ? null : poolCapacity(plans.after, name),
  };
  const { before, after } = capacities;
  const parts = {
    name,
    nodes: { before: countOf(before), after: countOf(after) },
    shares: shareChanges(capacities),
  };
  if (before === null || after === null || pool.before === null || pool.after === null)
    return {
      ...parts,
      kind: before === null ? "added" : "removed",
      capacity: null,
      keysMoved: null,
      settings: [],
    };
  return {
    ...parts,
    kind: "changed",
    capacity: before.cpus > 0 && after.cpus > 0 ? after.cpus / before.cpus : null,
    keysMoved: keysMoved(
      { algorithm: pool.before.algorithm, capacity: before },
      { algorithm: pool.after.algorithm, capacity: after },
    ),
    settings: settings(name, plans, pool),
  };
}

function countOf(capacity: PoolCapacity | null): PoolCount | null {
  if (capacity === null) return null;
  const { active, hot, cold } = capacity;
  return { active, hot, cold };
}

function shareChanges({ before, after }: Sides<PoolCapacity>): ShareChange[] {
  return paired(before?.shares ?? [], after?.shares ?? [], ({ node }) => node)
    .map((node) => ({
      node: node.key,
      before: node.before?.share ?? null,
      after: node.after?.share ?? null,
    }))
    .sort((a, b) => byKey(a.node, b.node));
}

/** What all nodes of the pool share, and the weights of those that are on both sides. */
function settings(name: string, plans: Sides<ClusterPlan>, pool: Sides<PoolPlan>): FieldChange[] {
  const nodes = (plan: ClusterPlan | null) => plan?.nodes.filter((node) => node.pool === name) ?? [];
  const [old, now] = [nodes(plans.before), nodes(plans.after)];
  const weights = paired(old, now, ({ key }) => key).flatMap(({ key, before, after }) =>
    before === null || after === null ? [] : fieldChanges(`weights.${key}`, before.weight, after.weight),
  );
  return [
    ...fieldChanges("name", pool.before?.shownAs, pool.after?.shownAs),
    ...fieldsOf("", ["algorithm", "health", "protocol", "sticky", "tls"], pool.before, pool.after),
    ...nodeSettings(old[0], now[0]),
    ...fieldsOf(
      "",
      ["beforeRelease", "afterRelease"],
      tasksOf(plans.before, name),
      tasksOf(plans.after, name),
    ),
    ...weights.sort((a, b) => byKey(a.path, b.path)),
  ];
}

/** A pool's programs of its releases, under the names that the stack has for them. */
function tasksOf(plan: ClusterPlan | null, pool: string): object {
  const own = plan?.tasks?.filter((task) => task.pool === pool) ?? [];
  return Object.fromEntries(
    own.map(({ when, command, timeout }) => [`${when}Release`, { command, timeout }]),
  );
}

function isChange({ kind, nodes, shares, settings, keysMoved, capacity }: PoolChange): boolean {
  return (
    kind !== "changed" ||
    settings.length > 0 ||
    (keysMoved ?? 0) > 0 ||
    (capacity ?? 1) !== 1 ||
    JSON.stringify(nodes.before) !== JSON.stringify(nodes.after) ||
    shares.some(({ before, after }) => before !== after)
  );
}
