import { expect, test } from "vitest";
import type { ClusterPlan } from "../../../../components/plan/types.ts";
import { all, recordCluster } from "../../../support/clusters.ts";
import { forwardedStack, planOf } from "../../../support/plans.ts";
import type { Recorded } from "../../../support/record.ts";

/*
 * Containers that hold the network of a node behind directors. Each has the name of its node's generation, so a change that the provider
 * answers with another container would find that name taken.
 */

const planned = (count: number) =>
  planOf({ ...forwardedStack, balancer: { ...forwardedStack.balancer, count } });

async function holders(plan: ClusterPlan): Promise<Recorded[]> {
  return all(await recordCluster(plan), "Container").filter(({ name }) => name.endsWith("-net"));
}

test("are the same for any number of directors, and keep all that there could be from a node that would answer for their address", async () => {
  const [two, three] = [await holders(planned(2)), await holders(planned(3))];
  expect(two).toHaveLength(planned(2).nodes.length);
  expect(three.map(({ inputs }) => inputs)).toEqual(two.map(({ inputs }) => inputs));
  const all = ["10.77.2.2", "10.77.2.3", "10.77.2.4", "10.77.2.5"];
  expect(two[0]?.inputs.command).toEqual(["hotspare-hold-address", "10.77.2.10", ...all]);
  expect(planned(4).balancers.map(({ address }) => address)).toEqual(all);
});

test("stay as an older kit has made them", async () => {
  for (const { inputs, ignoreChanges } of await holders(planned(2))) {
    // Made for the directors that there were, with a root that could be written.
    const { readOnly: _, tmpfs: __, ...rest } = inputs;
    const older = { ...rest, image: "older", command: ["hotspare-hold-address", "10.77.2.10", "10.77.2.2"] };
    const names = new Set([...Object.keys(inputs), ...Object.keys(older)]);
    const other = [...names].filter(
      (name) => JSON.stringify(inputs[name]) !== JSON.stringify((older as typeof inputs)[name]),
    );
    expect(other.sort()).toEqual(["command", "image", "readOnly", "tmpfs"]);
    expect(other.filter((name) => !ignoreChanges.includes(name))).toEqual([]);
  }
});

test("go with their nodes when clients get another address", () => {
  const moved = planOf({ ...forwardedStack, network: { subnet: "10.77.4.0/23" } });
  const made = planned(2).nodes.map(({ fingerprint }) => fingerprint);
  expect(moved.nodes.filter(({ fingerprint }) => made.includes(fingerprint))).toEqual([]);
});
