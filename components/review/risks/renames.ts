import { counted } from "../../model/words.ts";
import { balancerCount, poolCapacity } from "../../plan/capacity.ts";
import type { ClusterPlan } from "../../plan/types.ts";
import { addressConflicts } from "../compare/conflicts.ts";
import { renamedPools } from "../compare/names.ts";
import { reasonsOf } from "../compare/sides.ts";
import { reviewOfSides } from "../platforms/select.ts";
import { betweenPlans, type RiskRule } from "./rule.ts";

/* A name without an id is what machines are called by: another name is another thing, in the place of the first. */

const poolRenamed: RiskRule = {
  code: "risk.pool-renamed",
  severity: "danger",
  when: "a pool goes and another comes in its place, as when a pool is given another name; `up` refuses it",
  hint: "for another name alone set the new pool's `id` to the old one; for another pool add it at the end, and remove the old one in a later change",
  find: betweenPlans((before, after) => {
    if (before.cluster !== after.cluster || before.platform.kind !== after.platform.kind) return [];
    return renamedPools(
      before.pools.map(({ name }) => name),
      after.pools,
    ).map(({ from, to }) => ({
      path: `pools.${to}`,
      message: `takes the place of "${from}", whose ${counted(nodesOf(before, from), "node")} would go with their addresses still needed: nothing of "${from}" becomes "${to}", and the change would stop half-way`,
    }));
  }),
};

function nodesOf(plan: ClusterPlan, pool: string): number {
  const { active, hot, cold } = poolCapacity(plan, pool);
  return active + hot + cold;
}

/** Of pools that take another's place the rule above tells. */
const addressTaken: RiskRule = {
  code: "risk.address-taken",
  severity: "danger",
  when: "a machine is to be made at an address that another one has until it goes, and what goes goes last; `up` refuses it where it is so",
  hint: "add pools at the end, and remove others in a later change",
  find: ({ before, after, change }) => {
    if (before === null || after === null || change === null) return [];
    const plans = { before: before.plan, after: after.plan };
    const reasons = reasonsOf(plans, reviewOfSides(plans));
    const told = new Set(
      renamedPools(
        before.plan.pools.map(({ name }) => name),
        after.plan.pools,
      ).map(({ to }) => to),
    );
    const poolOf = new Map(after.plan.nodes.map(({ key, pool }) => [key, pool]));
    const conflicts = addressConflicts({ plans, reasons, machines: change.machines }).filter(
      ({ key }) => !told.has(poolOf.get(key) ?? ""),
    );
    return [...Map.groupBy(conflicts, ({ key }) => poolOf.get(key))].flatMap(([pool, [first]]) =>
      first === undefined
        ? []
        : [
            {
              path: pool === undefined ? "balancer.count" : `pools.${pool}`,
              message: `${first.key} would be made at ${first.address}, where ${first.holder} serves until it goes`,
            },
          ],
    );
  },
};

const clusterRenamed: RiskRule = {
  code: "risk.cluster-renamed",
  severity: "danger",
  when: "a cluster is given another name or `id`, which is part of every machine's name; `up` refuses it",
  hint: "for another name alone set `id` to the old one; to move to another id take the cluster down first",
  find: betweenPlans((before, after) =>
    before.cluster === after.cluster
      ? []
      : [
          {
            path: before.shownAs === after.shownAs ? "id" : "name",
            message: `"${before.cluster}" → "${after.cluster}": all of it, ${counted(balancerCount(before), "balancer")} and ${counted(
              before.pools.reduce((sum, { name }) => sum + nodesOf(before, name), 0),
              "node",
            )}, would be removed and made again, and nobody would answer meanwhile`,
          },
        ],
  ),
};

const stackRenamed: RiskRule = {
  code: "risk.stack-renamed",
  severity: "danger",
  when: "a stack goes and another comes with the same cluster, as when its name in stacks/index.ts is changed; `up` refuses it while the old one stands",
  hint: "keep the old name as the `id` of its line in stacks/index.ts, which is what Pulumi's state and all labels go by; or take the old stack down first",
  find: ({ after, change, namesake }) =>
    change?.kind === "added" && namesake != null && namesake.cluster === after?.plan.cluster
      ? [
          {
            path: "",
            message: `it has the cluster of "${namesake.stack}", which is removed: the state stays under the old name, and what stands would be made a second time`,
          },
        ]
      : [],
};

export const renameRules: readonly RiskRule[] = [poolRenamed, addressTaken, clusterRenamed, stackRenamed];
