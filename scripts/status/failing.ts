import { labelPrefix } from "../../components/plan/labels.ts";
import { poolShown } from "../../components/plan/shown.ts";
import type { ClusterPlan, NodePlan } from "../../components/plan/types.ts";
import { BalancerControl } from "../../components/platform/planned/balancer-control.ts";
import { checkUrl } from "../../components/platform/planned/probe.ts";
import type { Failing } from "../../components/platform/planned/story.ts";
import type { DeliveryTransport } from "../../components/platform/planned/transport.ts";
import { poolSettings } from "../../components/render/members.ts";
import type { ClusterStatus } from "./cluster-status.ts";
import type { PoolFault } from "./serving.ts";

/** Nodes of one pool that are told of: they mostly fail for one reason. */
const toldNodes = 2;

/** Where it is asked. */
export interface Subject {
  readonly stack: string;
  readonly plan: ClusterPlan;
  readonly transport: DeliveryTransport;
}

/** What is known of the nodes of pools that don't serve. */
export async function failingNodes(
  subject: Subject,
  { machines }: ClusterStatus,
  faults: readonly PoolFault[],
): Promise<Failing[]> {
  const { plan, transport } = subject;
  const unhealthy = new Set(
    machines.filter(({ running, healthy }) => !running || healthy !== true).map(({ key }) => key),
  );
  const chosen = faults.flatMap(({ pool }) =>
    plan.nodes
      .filter((node) => node.pool === pool && node.role !== "cold" && unhealthy.has(node.key))
      .slice(0, toldNodes),
  );
  if (chosen.length === 0) return [];
  const [asker] = await transport.runningBalancers(labelsOf(subject)).catch(() => []);
  return Promise.all(chosen.map((node) => failingNode(subject, node, asker)));
}

/** What everything of a cluster bears. */
const labelsOf = ({ stack, plan }: Subject) => ({
  [`${labelPrefix}owner`]: plan.owner,
  [`${labelPrefix}stack`]: stack,
  [`${labelPrefix}cluster`]: plan.cluster,
});

async function failingNode(subject: Subject, node: NodePlan, asker: string | undefined): Promise<Failing> {
  const { plan, transport } = subject;
  const story = await transport.story(labelsOf(subject), node.key, node.address).catch(() => null);
  return {
    key: node.key,
    pool: poolShown(plan, node.pool),
    memory: node.memory,
    port: node.port,
    story,
    answer:
      story?.running === true && asker !== undefined
        ? await answerOf(plan, node, new BalancerControl(transport, asker))
        : null,
  };
}

/** What the node's own check is answered, asked as a balancer does; null where it passes or can't be asked. */
async function answerOf(
  plan: ClusterPlan,
  node: NodePlan,
  balancer: BalancerControl,
): Promise<string | null> {
  const pool = plan.pools.find(({ name }) => name === node.pool);
  if (pool === undefined) return null;
  const { health } = poolSettings(plan, pool);
  return balancer.probe(checkUrl(node, health), health).catch(() => null);
}
