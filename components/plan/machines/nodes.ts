import { fingerprint } from "../../model/hash.ts";
import { generationSlots } from "../../model/layout.ts";
import { nodeKey } from "../../model/node-keys.ts";
import { isSecret } from "../../model/secret.ts";
import type { ClusterSpec, PoolSpec } from "../../model/spec.ts";
import type { NodePlace } from "../addresses.ts";
import { containerOptions, environmentOf } from "../container.ts";
import { imageFor, machine, ordinals, volumeName } from "../machine.ts";
import type { NodePlan, NodeRole, PlanContext, RunningNode } from "../types.ts";

/**
 * Version of what an adapter makes a node of, part of every fingerprint. Raise it with any change by which a platform would
 * replace a node that stands (rights, logs, a mount): then the node comes back as the next generation, with a name of its own
 * and gated like any other change. Without it the platform would have to make two machines of one name, and refuse.
 */
export const nodeShape = 1;

/**
 * All nodes, pool by pool in the stack's order: active ones, then hot and cold standbys.
 *
 * @param addressOf address of a node of that key and place
 * @param more variables of all nodes
 */
export function planNodes(
  spec: ClusterSpec,
  context: PlanContext,
  addressOf: (key: string, place: NodePlace) => string,
  more: Readonly<Record<string, string>> = {},
): NodePlan[] {
  return Object.entries(spec.pools).flatMap(([pool, poolSpec], poolIndex) => {
    const of = (role: NodeRole, count: number) =>
      ordinals(count).map((ordinal) => {
        const node = describeNode(spec, context, { pool, poolSpec, role, ordinal, more });
        return place(node, context, (generation) =>
          addressOf(node.key, { poolIndex, role, ordinal, generation }),
        );
      });
    return [
      ...of("active", poolSpec.active),
      ...of("hot", poolSpec.standby.hot),
      ...of("cold", poolSpec.standby.cold),
    ];
  });
}

/** A node but for what its generation decides. */
type NodeDescription = Omit<NodePlan, "generation" | "fingerprint" | "address">;

/**
 * Gives a node its generation. A node whose fingerprint is that of the running one stays what and where it is. Any other
 * gets the next generation, and with it a name and an address of its own, so that it can be made and proved while the one
 * that it replaces goes on serving.
 */
function place(
  node: NodeDescription,
  context: PlanContext,
  addressOf: (generation: number) => string,
): NodePlan {
  const { weight: _, pool: __, name, readOnly, ...settings } = node;
  // All nodes could write before there was a choice; those stay as they stand.
  const replacing = readOnly ? { ...settings, readOnly } : settings;
  // Where the node would stand if it were new: a pool that moves to another block, or a network that changes, moves the node.
  const home = addressOf(0);
  const secrets = Object.values(node.environment)
    .filter((value) => isSecret(value))
    .map(({ secret }) => context.secrets?.[secret] ?? "");
  const own = fingerprint(JSON.stringify({ ...replacing, secrets, home, nodeShape }));
  const generation = nextGeneration(context.running?.[node.key], own);
  return {
    ...node,
    name: generation === 0 ? name : `${name}-g${generation}`,
    generation,
    fingerprint: own,
    address: addressOf(generation),
  };
}

function nextGeneration(running: RunningNode | undefined, own: string): number {
  if (running === undefined) return 0;
  if (running.fingerprint === null || running.fingerprint === own) return running.generation;
  // Refused replacements may be there still, beside the one that serves: their addresses are passed over.
  const taken = new Set(running.existing.map((generation) => generation % generationSlots));
  const candidates = ordinals(generationSlots).map((step) => running.generation + step);
  return candidates.find((generation) => !taken.has(generation % generationSlots)) ?? running.generation + 1;
}

interface NodeOf {
  readonly pool: string;
  readonly poolSpec: PoolSpec;
  readonly role: NodeRole;
  readonly ordinal: number;
  readonly more: Readonly<Record<string, string>>;
}

function describeNode(
  spec: ClusterSpec,
  context: PlanContext,
  { pool, poolSpec, role, ordinal, more }: NodeOf,
): NodeDescription {
  const key = nodeKey(pool, role, ordinal);
  return {
    ...machine(spec, context, key, imageFor(context, `pool:${pool}`, poolSpec.image)),
    role,
    pool,
    port: poolSpec.port,
    weight: poolSpec.weights[key] ?? 1,
    environment: {
      HOTSPARE_CLUSTER: spec.id,
      HOTSPARE_NODE: key,
      PORT: String(poolSpec.port),
      ...more,
      ...environmentOf(poolSpec, context),
    },
    cpus: poolSpec.cpus,
    memory: poolSpec.memory,
    stopGrace: poolSpec.stopGrace,
    readOnly: poolSpec.readOnly,
    ...containerOptions(poolSpec, context, (name, shared) =>
      volumeName(spec, context, shared ? `${pool}-all` : key, name),
    ),
  };
}
