import { expect, test } from "vitest";
import { compare } from "../../../../components/review/compare/index.ts";
import { reviewEngine } from "../../../../components/review/engine/review.ts";
import { recordedRun } from "../../../support/engine-runs.ts";
import { dev, tier, web } from "./told.ts";

/*
 * What a comparison says of the machines against what the real engine said of the same change of a cluster that ran
 * (test/support/record-engine-runs/own-stacks.ts).
 */

const base = dev();
const changes = {
  "own-stack-unchanged": base,
  "own-stack-scale-up": web({ active: 5 }),
  "own-stack-scale-down": web({ active: 1 }),
  "own-stack-algorithm": web({ algorithm: { kind: "least-connections" } }),
  "own-stack-weights": web({ weights: { "web-1": 4 } }),
  "own-stack-more-hot": web({ standby: { hot: 2, cold: 1 } }),
  "own-stack-no-cold": web({ standby: { hot: 1 } }),
  "own-stack-balancer-size": tier({ cpus: 0.5 }),
  "own-stack-subnet": dev({ network: { subnet: "10.99.0.0/22" } }),
  "own-stack-environment": web({ environment: { LEVEL: "2" } }),
  "own-stack-one-balancer": tier({ count: 1 }),
};

/** What the engine did to containers: `replace web-1 create-first`. */
function byEngine(name: string): string[] {
  const kinds: Readonly<Record<string, string>> = { create: "added", delete: "removed", replace: "replaced" };
  return reviewEngine(recordedRun(name))
    .steps.filter(({ type, kind }) => type === "docker:index/container:Container" && kind in kinds)
    .map((step) => {
      const key = step.name.replace(/^dev-(tier-)?/, "").replace("-standby-", "-");
      return `${key} ${kinds[step.kind]} ${step.order}`;
    })
    .sort();
}

/** Balancers whose files the engine delivers in place. */
function deliveredByEngine(name: string): string[] {
  return reviewEngine(recordedRun(name))
    .steps.filter(({ type, kind }) => type === "pulumi:index:Stash" && kind === "update")
    .map((step) => step.name.replace(/^dev-tier-(.*)-files$/, "$1"))
    .sort();
}

test.each(Object.entries(changes))(
  "%s: the machines that the engine adds, removes and replaces",
  (name, after) => {
    const { machines } = compare(base, after);
    const told = machines
      .filter(({ action }) => action !== "updated")
      .map(({ key, action, order }) => `${key} ${action} ${order}`);
    expect(told.sort()).toEqual(byEngine(name));
  },
);

test.each(Object.entries(changes))("%s: the balancers that get files in place", (name, after) => {
  const { machines } = compare(base, after);
  const told = machines
    .filter(({ role, action }) => role === "balancer" && action !== "added" && action !== "removed")
    .map(({ key }) => key);
  // Nodes of a new generation have new addresses, which only a plan with a look at what runs knows.
  const newGeneration = machines.some(({ order }) => order === "create-first");
  expect(newGeneration ? ["lb-1", "lb-2"] : told).toEqual(deliveredByEngine(name));
});
