import { expect, test } from "vitest";
import { describePlan } from "../../../../../components/plan/describe.ts";
import { metalPlanOf } from "../../../../../components/plan/platforms/metal/part.ts";
import { renderWarden } from "../../../../../components/render/warden/document.ts";
import { metalPlan, servers } from "../../../../support/metal/stacks.ts";

const bmc = (number: number) => ({
  bmc: { kind: "redfish", host: `192.0.2.${110 + number}`, account: { file: "~/bmc" } },
});
const planned = (platform: object, pools: object = { web: { active: 2, standby: { cold: 1 } } }) =>
  metalPlan({ servers: servers([{}, {}, bmc(3), bmc(4), bmc(5)]), ...platform }, { pools });

test("a pool that is fenced is named to the wardens, and to whoever reads the plan", () => {
  const plan = planned({ fence: ["web"] });
  expect(metalPlanOf(plan).fence).toEqual(["web"]);
  for (const warden of plan.wardens)
    expect(JSON.parse(renderWarden(plan, warden))).toMatchObject({ fence: ["web"] });
  expect(describePlan(plan)).toContain(
    "a lost node of web is switched off by its server's controller before a standby takes its place",
  );
});

test("a pool with an id other than its name is fenced by that id, as wardens know it", () => {
  const plan = planned({ fence: ["shop"] }, { shop: { id: "web", active: 2, standby: { cold: 1 } } });
  const fenced = plan.wardens.map((warden) => JSON.parse(renderWarden(plan, warden)).fence);
  expect(fenced).toEqual([["web"], ["web"]]);
  expect(plan.pools.map(({ name }) => name)).toEqual(["web"]);
});

test("without a word of it nothing is another than before", () => {
  const plan = planned({});
  expect(JSON.stringify(plan)).not.toContain("fence");
  expect(plan.wardens.map((warden) => renderWarden(plan, warden)).join()).not.toContain("fence");
});
