import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { nodeShape } from "../../components/plan/machines/nodes.ts";
import { all, recordCluster } from "../support/clusters.ts";
import { planAny } from "../support/plan-any.ts";
import { small } from "../support/small.ts";

/*
 * A container can't be made under a name that stands. So whatever makes the engine replace a node must make it the next
 * generation, and the planner sees only what the plan has. What an adapter adds by itself is pinned here.
 */

/** What belongs to one node, or has its own way into the fingerprint. */
const planned = ["name", "hostname", "networksAdvanced", "image", "labels"];

/** By `nodeShape`: a hash of all that Docker is asked for, for a node of each role. */
const pinned: Readonly<Record<number, string>> = {
  1: "8c74b8b48681a80e",
};

test("what Docker makes a node of is what `nodeShape` stands for", async () => {
  // Everything that has a default is said, so that another default is not taken for another shape.
  const pool = { port: 8080, cpus: 0.5, memory: "128 MB", stopGrace: "10 s", environment: { LEVEL: "info" } };
  const web = { ...pool, active: 1, standby: { hot: 1, cold: 1 } };
  const plan = planAny({ ...small(), pools: { web } });
  const keys = new Set(plan.nodes.map(({ name }) => name));
  const nodes = all(await recordCluster(plan), "Container").filter(({ inputs }) =>
    keys.has(String(inputs.name)),
  );
  expect(nodes).toHaveLength(3);
  const shapes = nodes.map(({ name, inputs }) => [
    name,
    Object.entries(inputs)
      .filter(([field]) => !planned.includes(field))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
  const hash = createHash("sha256").update(JSON.stringify(shapes.sort())).digest("hex").slice(0, 16);
  expect(
    hash,
    `The Docker adapter makes nodes of something else than before. Containers that stand would be replaced under the name that they have, which Docker refuses. Raise \`nodeShape\` in components/plan/nodes.ts, which is part of every node's fingerprint, and add the new hash (${hash}) under its number here. Only a change that Docker makes in place may replace the hash of the number that is there.`,
  ).toBe(pinned[nodeShape]);
});
