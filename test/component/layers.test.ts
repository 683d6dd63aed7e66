import { expect, test } from "vitest";
import { find, recordCluster } from "../support/clusters.ts";
import { planAny } from "../support/plan-any.ts";
import { layeredStack } from "../support/plans.ts";

/* Directors in front of balancers, as the engine is given them. */

const recording = await recordCluster(planAny(layeredStack));
type Labels = readonly { readonly label: string; readonly value: string }[];
const labelsOf = (name: string) => {
  const labels = find(recording, "Container", name).inputs.labels as Labels;
  return Object.fromEntries(labels.map(({ label, value }) => [label, value]));
};

test("directors have a role of their own, so that no document for balancers reaches them", () => {
  for (const key of ["director-1", "director-2"])
    expect(labelsOf(`it-tier-${key}`)).toMatchObject({
      "hotspare.role": "director",
      "hotspare.key": key,
    });
  for (const key of ["lb-1", "lb-2", "lb-3"])
    expect(labelsOf(`it-tier-${key}`)).toMatchObject({ "hotspare.role": "balancer" });
});

test("directors alone have the rights of a guest, and nodes have a network of their own", () => {
  const rights = (name: string) => JSON.stringify(find(recording, "Container", name).inputs.capabilities);
  expect(rights("it-tier-director-1")).toContain("CAP_SYS_PTRACE");
  expect(rights("it-tier-lb-1")).not.toContain("CAP_SYS_PTRACE");
  expect(find(recording, "Container", "it-web-1").inputs.networkMode).toBeUndefined();
});
