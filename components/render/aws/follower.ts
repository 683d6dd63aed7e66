import { clusterNames, metrics } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import { followerInterval } from "../../plan/platforms/aws/timers.ts";
import type { ClusterPlan, GroupPlan, PoolPlan } from "../../plan/types.ts";
import { poolSettings } from "../members.ts";
import { desiredSocket, membersFile } from "../paths.ts";

/** Version of the document; `infra/runtime/follower/config.ts` reads this one. */
const schema = 1;

/**
 * follower.json: which groups make up which pool, what is told of the pool besides its members, and where to publish what the
 * balancer counts.
 *
 * @throws Error for a plan that isn't for AWS
 */
export function renderFollower(plan: ClusterPlan): string {
  const aws = awsPlanOf(plan);
  const document = {
    schema,
    follower: plan.groups.find(({ role }) => role === "balancer")?.key ?? "",
    region: aws.region,
    interval: followerInterval,
    control: desiredSocket,
    members: membersFile,
    pools: Object.fromEntries(plan.pools.map((pool) => [pool.name, followedPool(plan, pool)])),
    metrics: { ...metrics, cluster: clusterNames(plan).dashboard },
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function followedPool(plan: ClusterPlan, pool: PoolPlan) {
  const of = (role: GroupPlan["role"]) =>
    plan.groups.find((group) => group.pool === pool.name && group.role === role);
  const active = of("active");
  if (active?.service.kind !== "node") throw new Error(`pool ${pool.name} has no group of nodes`);
  return {
    ...poolSettings(plan, pool),
    port: active.service.port,
    active: active.name,
    hot: of("hot")?.name ?? null,
  };
}
