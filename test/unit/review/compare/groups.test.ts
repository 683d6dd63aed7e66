import { expect, test } from "vitest";
import type { StackInput } from "../../../../components/model/spec.ts";
import { documentOf } from "../../../support/plan-documents.ts";
import { told } from "./told.ts";

/* Changes where the platform's engine keeps the machines, each as a review tells it. */

type Pool = StackInput["pools"][string];

const shop = (pool: Partial<Pool> = {}, platform: object = {}) =>
  documentOf({
    name: "shop",
    environment: "staging",
    platform: { kind: "aws", region: "eu-central-1", ...platform },
    pools: { web: { active: 3, standby: { hot: 1, cold: 1 }, ...pool } },
  } as StackInput);

const base = shop();

test("no change", () => {
  expect(told(base, shop())).toBe("unchanged");
});

test("a stack that is new", () => {
  expect(told(null, base)).toMatchInlineSnapshot(`
    "added
    cluster: is new: 2 balancers and pool web with 3 active nodes, 1 hot standby and 1 cold standby; survives the loss of 1 balancer and 3 nodes
    - lb added
    - web added
    - web-hot added
    > everything is made; nobody is served before [lost 0, takes 0–60000]
    after flowchart LR
    after clients([clients]) --> address(["address of the platform#39;s balancer"])
    after subgraph tier ["balancers: nginx"]
    after machine_lb["+ lb · 2 balancing"]
    after end
    after address --> tier
    after subgraph pool_web ["web: weighted-round-robin"]
    after machine_web["+ web · 3 active · 1 stopped"]
    after machine_web_hot["+ web-hot · 1 hot"]
    after end
    after tier -- "/" --> pool_web
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_lb,machine_web,machine_web_hot added"
  `);
});

test("scale up", () => {
  expect(told(base, shop({ active: 5 }))).toMatchInlineSnapshot(`
    "changed
    pool web: 3 → 5 active nodes, capacity +67 %, still survives the loss of 1 balancer and 5 nodes (before 3)
    group web: count.desired 3 → 5, count.max 3 → 5 and count.min 3 → 5, without a change of its machines
    platform: about 224.47 → 261.04 USD a month
    - web updated (count.desired 3 → 5, count.max 3 → 5, count.min 3 → 5)
    before machine_web["~ web · 3 active · 1 stopped"]
    after machine_web["~ web · 5 active · 1 stopped"]"
  `);
});

test("another image", () => {
  expect(told(base, shop({ image: { kind: "reference", reference: "acme/api:2" } }))).toMatchInlineSnapshot(`
    "changed
    group web: its machines are replaced a few at a time, the new ones first (service.image sample → reference (reference acme/api:2))
    group web-hot: its machines are replaced a few at a time, the new ones first (service.image sample → reference (reference acme/api:2))
    - web replaced create-first (service.image sample → reference (reference acme/api:2))
    - web-hot replaced create-first (service.image sample → reference (reference acme/api:2))
    > web: the platform replaces the machines, with at least 100 % of them in service; requests under way at one that leaves may take 30 s, and a new one 6 min until it is ready [lost 0, takes ?]
    > web-hot: the platform replaces the machines, with at least 100 % of them in service; requests under way at one that leaves may take 30 s, and a new one 6 min until it is ready [lost 0, takes ?]"
  `);
});

test("larger machines", () => {
  expect(told(base, shop({}, { instanceType: "m6i.large" }))).toMatchInlineSnapshot(`
    "changed
    group lb: its machines are replaced a few at a time, the new ones first (machine.burstable yes → no, machine.memory 2 GB → 8 GB and machine.type t3.small → m6i.large)
    group web: its machines are replaced a few at a time, the new ones first (machine.burstable yes → no, machine.memory 2 GB → 8 GB and machine.type t3.small → m6i.large)
    group web-hot: its machines are replaced a few at a time, the new ones first (machine.burstable yes → no, machine.memory 2 GB → 8 GB and machine.type t3.small → m6i.large)
    platform: about 224.47 → 623.05 USD a month
    - lb replaced create-first (machine.burstable yes → no, machine.memory 2 GB → 8 GB, machine.type t3.small → m6i.large)
    - web replaced create-first (machine.burstable yes → no, machine.memory 2 GB → 8 GB, machine.type t3.small → m6i.large)
    - web-hot replaced create-first (machine.burstable yes → no, machine.memory 2 GB → 8 GB, machine.type t3.small → m6i.large)
    > lb: the platform replaces the machines, with at least 100 % of them in service; requests under way at one that leaves may take 30 s, and a new one 6 min until it is ready [lost 0, takes ?]
    > web: the platform replaces the machines, with at least 100 % of them in service; requests under way at one that leaves may take 30 s, and a new one 6 min until it is ready [lost 0, takes ?]
    > web-hot: the platform replaces the machines, with at least 100 % of them in service; requests under way at one that leaves may take 30 s, and a new one 6 min until it is ready [lost 0, takes ?]"
  `);
});

test("the hot standbys go", () => {
  expect(told(base, shop({ standby: { cold: 1 } }))).toMatchInlineSnapshot(`
    "changed
    pool web: 1 → 0 hot standbys, survives only the loss of 1 balancer and 2 nodes (before 3)
    group web-hot: is removed with its machines
    platform: front.checks group web; port 64000, group web-hot; port 64001 → group web; port 64000, about 224.47 → 206.09 USD a month
    - web-hot removed
    before machine_web_hot["− web-hot · 1 hot"]
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_web_hot removed"
  `);
});
