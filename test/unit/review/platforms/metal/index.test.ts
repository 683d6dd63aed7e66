import { describe, expect, test } from "vitest";
import type { ClusterPlan } from "../../../../../components/plan/types.ts";
import { render } from "../../../../../components/render/index.ts";
import { compare } from "../../../../../components/review/compare/index.ts";
import { type PlanDocument, planDocumentSchema } from "../../../../../components/review/document.ts";
import { metalPlan, servers } from "../../../../support/metal/stacks.ts";

const change = (before: ClusterPlan, after: ClusterPlan) => {
  const document = (plan: ClusterPlan): PlanDocument => ({
    schema: planDocumentSchema,
    stack: "shop",
    plan,
    acknowledged: [],
    contexts: {},
    forecast: [],
    machines: render(plan),
  });
  return compare(document(before), document(after));
};
const red = { pools: { web: { active: 3, environment: { COLOUR: "red" } } } };

describe("a change of a stack on servers", () => {
  test("changes nodes where they stand, one after the other, and makes none again", () => {
    const { machines, rollout } = change(metalPlan(), metalPlan({}, red));
    expect(machines.map(({ key, action }) => [key, action])).toEqual([
      ["web-1", "updated"],
      ["web-2", "updated"],
      ["web-3", "updated"],
    ]);
    expect(rollout.map(({ text }) => text)).toEqual([
      "web-1, web-2 and web-3: 3 nodes are changed where they stand, one after the other: no new requests, at most 30 s for those under way, new files, and back when the balancers call it healthy (at most 1 min); what doesn't get healthy gets its files of before",
    ]);
  });

  test("says who goes to which server", () => {
    const { sentences, machines, rollout } = change(
      metalPlan({ servers: servers([{}, {}, {}, {}]), assign: { "web-1": "s3" } }),
      metalPlan({ servers: servers([{}, {}, {}, {}]), assign: { "web-1": "s4", "web-2": "s3" } }),
    );
    expect(machines.find(({ key }) => key === "web-1")?.action).toBe("replaced");
    expect(sentences).toContainEqual({ subject: "web-1", text: "goes from s3 to s4" });
    expect(rollout.map(({ text }) => text).join("\n")).toContain(
      "removed from the server of before and made on the new one",
    );
  });

  test("of how a server is reached is a setting, and touches no machine", () => {
    const moved = servers([{}, {}, {}]);
    const other = { ...moved, s1: { ...moved.s1, ssh: { ...moved.s1?.ssh, port: 2222 } } };
    const { machines, settings } = change(metalPlan(), metalPlan({ servers: other }));
    expect(machines).toEqual([]);
    expect(settings.map(({ path }) => path)).toEqual(["metal.servers.s1.ssh.port"]);
  });

  test("of the virtual address changes the balancers' files and nothing else", () => {
    const network = { subnet: "192.0.2.0/24", virtualAddress: "192.0.2.20" };
    const { machines } = change(metalPlan(), metalPlan({}, { network }));
    expect(machines.map(({ key, action }) => [key, action])).toEqual([
      ["lb-1", "updated"],
      ["lb-2", "updated"],
    ]);
  });
});
