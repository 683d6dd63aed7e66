import { expect, test } from "vitest";
import { compare } from "../../../../components/review/compare/index.ts";
import { type PlanDocument, readPlanDocument } from "../../../../components/review/document.ts";
import { dev, told, web } from "./told.ts";

/* Changes of pools, each as a review tells it. */

const base = dev();
const hashed = { algorithm: { kind: "consistent-hash", key: "uri" } } as const;
const turns = { algorithm: { kind: "round-robin" } } as const;
const two = { web: { active: 3 }, api: { active: 2, standby: { hot: 1 } } };

test("no change", () => {
  expect(told(base, dev()).split("\n")).toEqual(["unchanged"]);
});

test("programs of a release", () => {
  const migrate = { beforeRelease: { command: ["migrate"] }, afterRelease: { command: ["warm"] } };
  const lines = (after: PlanDocument) =>
    told(web(migrate), after)
      .split("\n")
      .filter((line) => /migrate|warm/.test(line));
  expect(lines(web({ ...migrate, active: 5 }))).toEqual([]);
  expect(lines(web({ ...migrate, environment: { LEVEL: "debug" } }))).toEqual([
    "pool web: all 5 nodes are replaced (environment.LEVEL), the new beside the old until proved, without a lost request, `migrate` runs once before any new node, and a rollback doesn't undo it, `warm` runs once when the new nodes serve",
    "> web: `migrate` runs, at most 10 min; when it fails, no node is made and nothing else is changed [lost 0, takes 0–600000]",
    "> web: `warm` runs, at most 10 min; when it fails, the release serves all the same [lost 0, takes 0–600000]",
  ]);
  expect(told(web({}), web(migrate)).split("\n")[0]).toBe("changed");
});

test("scale up", () => {
  expect(told(base, web({ active: 5 }))).toMatchInlineSnapshot(`
    "changed
    pool web: 3 → 5 active nodes, capacity +67 %, still survives the loss of 1 balancer and 5 nodes (before 3)
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-4 added
    - web-5 added
    > web-4 and web-5 are made and asked for their health, at most 1 min, before a balancer hears of them [lost 0, takes 0–60000]
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    before machine_web_1["web-1 · 33 #37;"]
    before machine_web_2["web-2 · 33 #37;"]
    before machine_web_3["web-3 · 33 #37;"]
    after machine_web_1["web-1 · 20 #37;"]
    after machine_web_2["web-2 · 20 #37;"]
    after machine_web_3["web-3 · 20 #37;"]
    after machine_web_4["+ web-4 · 20 #37;"]
    after machine_web_5["+ web-5 · 20 #37;"]
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_web_4,machine_web_5 added"
  `);
});

test("scale down", () => {
  expect(told(base, web({ active: 2 }))).toMatchInlineSnapshot(`
    "changed
    pool web: 3 → 2 active nodes, capacity −33 %, survives only the loss of 1 balancer and 2 nodes (before 3)
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-3 removed
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    > web-3: the balancers are told, requests under way end (at most 30 s), and the node goes last [lost 0, takes 0–60000]
    before machine_web_1["web-1 · 33 #37;"]
    before machine_web_2["web-2 · 33 #37;"]
    before machine_web_3["− web-3 · 33 #37;"]
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_web_3 removed
    after machine_web_1["web-1 · 50 #37;"]
    after machine_web_2["web-2 · 50 #37;"]"
  `);
});

test("scale to one", () => {
  expect(told(base, web({ active: 1, standby: {} }))).toMatchInlineSnapshot(`
    "changed
    pool web: 3 → 1 active node, 1 → 0 hot standbys, 1 → 0 cold standbys, capacity −67 %, survives only the loss of 1 balancer and no node (before 3)
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-2 removed
    - web-3 removed
    - web-hot-1 removed
    - web-cold-1 removed
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    > web-2, web-3, web-hot-1 and web-cold-1: the balancers are told, requests under way end (at most 30 s), and the nodes go last [lost 0, takes 0–60000]
    before machine_web_1["web-1 · 33 #37;"]
    before machine_web_2["− web-2 · 33 #37;"]
    before machine_web_3["− web-3 · 33 #37;"]
    before machine_web_hot_1["− web-hot-1 · hot standby"]
    before machine_web_cold_1["− web-cold-1 · cold standby, off"]
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_web_2,machine_web_3,machine_web_hot_1,machine_web_cold_1 removed
    after machine_web_1["web-1 · 100 #37;"]"
  `);
});

test("another algorithm", () => {
  expect(told(base, web({ algorithm: { kind: "least-connections" } }))).toMatchInlineSnapshot(`
    "changed
    pool web: algorithm weighted-round-robin → least-connections, without a reload
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    before subgraph pool_web ["web: weighted-round-robin"]
    after subgraph pool_web ["web: least-connections"]"
  `);
});

test("consistent hash with a node more", () => {
  expect(told(web(hashed), web({ ...hashed, active: 4 }))).toMatchInlineSnapshot(`
    "changed
    pool web: 3 → 4 active nodes, capacity +33 %, 25 % of the hashed keys move to another node, still survives the loss of 1 balancer and 4 nodes (before 3)
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-4 added
    > web-4 is made and asked for its health, at most 1 min, before a balancer hears of it [lost 0, takes 0–60000]
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    before machine_web_1["web-1 · 33 #37;"]
    before machine_web_2["web-2 · 33 #37;"]
    before machine_web_3["web-3 · 33 #37;"]
    after machine_web_1["web-1 · 25 #37;"]
    after machine_web_2["web-2 · 25 #37;"]
    after machine_web_3["web-3 · 25 #37;"]
    after machine_web_4["+ web-4 · 25 #37;"]
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_web_4 added"
  `);
});

test("another key is hashed", () => {
  expect(
    told(web(hashed), web({ algorithm: { kind: "consistent-hash", key: "header:X-User" } })),
  ).toMatchInlineSnapshot(`
    "changed
    pool web: 67 % of the hashed keys move to another node, algorithm consistent-hash (key uri) → consistent-hash (key header:X-User), without a reload
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]"
  `);
});

test("weights", () => {
  expect(told(base, web({ weights: { "web-1": 3, "web-2": 2 } }))).toMatchInlineSnapshot(`
    "changed
    pool web: web-1 weight 1 → 3 (33 % → 50 % of the requests) and web-2 weight 1 → 2 (33 % → 33 % of the requests), without a reload
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-1 updated (weight 1 → 3)
    - web-2 updated (weight 1 → 2)
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    before machine_web_1["~ web-1 · 33 #37;"]
    before machine_web_3["web-3 · 33 #37;"]
    after machine_web_1["~ web-1 · 50 #37;"]
    after machine_web_3["web-3 · 17 #37;"]"
  `);
});

test("another image", () => {
  expect(
    told(base, web({ image: { kind: "reference", reference: "acme/api:1.4.2" } })),
  ).toMatchInlineSnapshot(`
    "changed
    pool web: all 5 nodes are replaced (image hotspare/node:test → acme/api:1.4.2), the new beside the old until proved, without a lost request
    - web-1 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    - web-2 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    - web-3 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    - web-hot-1 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    - web-cold-1 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    > web: 5 nodes are started beside the old, asked for their health (at most 1 min), and ramped up: 5 % and then 30 % of the requests, for 2.5 s each and watched for errors; then the old ones get nothing more, finish what they have (at most 30 s) and go [lost 0, takes 5000–125000]"
  `);
});

test("a secret in the environment", () => {
  expect(
    told(base, web({ environment: { DATABASE_PASSWORD: { secret: "database-password" } } })),
  ).toMatchInlineSnapshot(`
    "changed
    pool web: all 5 nodes are replaced (environment.DATABASE_PASSWORD), the new beside the old until proved, without a lost request
    - web-1 replaced create-first (environment.DATABASE_PASSWORD null → the secret "database-password")
    - web-2 replaced create-first (environment.DATABASE_PASSWORD null → the secret "database-password")
    - web-3 replaced create-first (environment.DATABASE_PASSWORD null → the secret "database-password")
    - web-hot-1 replaced create-first (environment.DATABASE_PASSWORD null → the secret "database-password")
    - web-cold-1 replaced create-first (environment.DATABASE_PASSWORD null → the secret "database-password")
    > web: 5 nodes are started beside the old, asked for their health (at most 1 min), and ramped up: 5 % and then 30 % of the requests, for 2.5 s each and watched for errors; then the old ones get nothing more, finish what they have (at most 30 s) and go [lost 0, takes 5000–125000]"
  `);
});

test("more memory in a pool that takes turns", () => {
  expect(told(web(turns), web({ ...turns, memory: "256 MB" }))).toMatchInlineSnapshot(`
    "changed
    pool web: all 5 nodes are replaced (memory 128 MB → 256 MB), the new beside the old until proved, without a lost request
    - web-1 replaced create-first (memory 128 MB → 256 MB)
    - web-2 replaced create-first (memory 128 MB → 256 MB)
    - web-3 replaced create-first (memory 128 MB → 256 MB)
    - web-hot-1 replaced create-first (memory 128 MB → 256 MB)
    - web-cold-1 replaced create-first (memory 128 MB → 256 MB)
    > web: 5 nodes are started beside the old, asked for their health (at most 1 min), and ramped up: first one new node beside the old ones, then all, for 2.5 s each and watched for errors; then the old ones get nothing more, finish what they have (at most 30 s) and go [lost 0, takes 5000–125000]"
  `);
});

test("a hot standby more", () => {
  expect(told(base, web({ standby: { hot: 2, cold: 1 } }))).toMatchInlineSnapshot(`
    "changed
    pool web: 1 → 2 hot standbys, still survives the loss of 1 balancer and 4 nodes (before 3)
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-hot-2 added
    > web-hot-2 is made and asked for its health, at most 1 min, before a balancer hears of it [lost 0, takes 0–60000]
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    after machine_web_hot_2["+ web-hot-2 · hot standby"]
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_web_hot_2 added"
  `);
});

test("the last hot standby goes", () => {
  expect(told(base, web({ standby: { hot: 0, cold: 1 } }))).toMatchInlineSnapshot(`
    "changed
    pool web: 1 → 0 hot standbys, survives only the loss of 1 balancer and 2 nodes (before 3)
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-hot-1 removed
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    > web-hot-1: the balancers are told, requests under way end (at most 30 s), and the node goes last [lost 0, takes 0–60000]
    before machine_web_hot_1["− web-hot-1 · hot standby"]
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_web_hot_1 removed"
  `);
});

test("a cold standby more", () => {
  expect(told(base, web({ standby: { hot: 1, cold: 2 } }))).toMatchInlineSnapshot(`
    "changed
    pool web: 1 → 2 cold standbys
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-cold-2 added
    > web-cold-2 is made, switched off [lost 0, takes 0]
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    after machine_web_cold_2["+ web-cold-2 · cold standby, off"]
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_web_cold_2 added"
  `);
});

test("the cold standby goes", () => {
  expect(told(base, web({ standby: { hot: 1, cold: 0 } }))).toMatchInlineSnapshot(`
    "changed
    pool web: 1 → 0 cold standbys
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-cold-1 removed
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    > web-cold-1: the balancers are told, requests under way end (at most 30 s), and the node goes last [lost 0, takes 0–60000]
    before machine_web_cold_1["− web-cold-1 · cold standby, off"]
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_web_cold_1 removed"
  `);
});

test("health timers", () => {
  expect(told(base, web({ health: { interval: "1 s", fall: 3 } }))).toMatchInlineSnapshot(`
    "changed
    pool web: health.fall 2 → 3 and health.interval 200 ms → 1 s, a node is out 3 s after it fails its checks (before 400 ms), without a reload
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]"
  `);
});

test("a pool more", () => {
  expect(told(dev({ pools: { web: { active: 3 } } }), dev({ pools: two }))).toMatchInlineSnapshot(`
    "changed
    pool api: is new: 2 active nodes and 1 hot standby; survives the loss of 1 balancer and 2 nodes
    route /api/: is new: pool api answers in place of web
    warden: removed and made again (warden.json): meanwhile no standby is promoted and nothing repaired
    door: is removed and made again (entry.conf): the URL on 127.0.0.1 is away for a moment, the address isn't
    tier: nginx reloads in place
    - lb-1 updated (members.json, nginx.conf)
    - lb-2 updated (members.json, nginx.conf)
    - api-1 added
    - api-2 added
    - api-hot-1 added
    - door replaced delete-first (entry.conf)
    - warden-1 replaced delete-first (warden.json)
    - warden-2 replaced delete-first (warden.json)
    > api-1, api-2 and api-hot-1 are made and asked for their health, at most 1 min, before a balancer hears of them [lost 0, takes 0–60000]
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]
    > warden-1 and warden-2 are removed and made again: meanwhile no standby is promoted and nothing repaired [lost 0, takes ?]
    after subgraph pool_api ["api: weighted-round-robin"]
    after machine_api_1["+ api-1 · 50 #37;"]
    after machine_api_2["+ api-2 · 50 #37;"]
    after machine_api_hot_1["+ api-hot-1 · hot standby"]
    after tier -- "/api/" --> pool_api
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_api_1,machine_api_2,machine_api_hot_1 added"
  `);
});

test("a pool less", () => {
  expect(told(dev({ pools: two }), dev({ pools: { web: { active: 3 } } }))).toMatchInlineSnapshot(`
    "changed
    pool api: is removed with its 2 active nodes and 1 hot standby
    route /api/: is removed: pool web answers there
    warden: removed and made again (warden.json): meanwhile no standby is promoted and nothing repaired
    door: is removed and made again (entry.conf): the URL on 127.0.0.1 is away for a moment, the address isn't
    tier: nginx reloads in place
    - lb-1 updated (members.json, nginx.conf)
    - lb-2 updated (members.json, nginx.conf)
    - api-1 removed
    - api-2 removed
    - api-hot-1 removed
    - door replaced delete-first (entry.conf)
    - warden-1 replaced delete-first (warden.json)
    - warden-2 replaced delete-first (warden.json)
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]
    > warden-1 and warden-2 are removed and made again: meanwhile no standby is promoted and nothing repaired [lost 0, takes ?]
    > api-1, api-2 and api-hot-1: the balancers are told, requests under way end (at most 30 s), and the nodes go last [lost 0, takes 0–60000]
    before subgraph pool_api ["api: weighted-round-robin"]
    before machine_api_1["− api-1 · 50 #37;"]
    before machine_api_2["− api-2 · 50 #37;"]
    before machine_api_hot_1["− api-hot-1 · hot standby"]
    before tier -- "/api/" --> pool_api
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_api_1,machine_api_2,machine_api_hot_1 removed"
  `);
});

test("a pool gets another name", () => {
  expect(
    told(dev({ pools: { web: { active: 2 } } }), dev({ pools: { site: { active: 2 } } })),
  ).toMatchInlineSnapshot(`
    "changed
    pool site: is new: 2 active nodes; survives the loss of 1 balancer and 1 node, but its nodes may be refused: 10.77.0.32 of site-1 is web-1's until that one goes, and it goes last; add the pool at the end, and remove the other one in a later change
    pool web: is removed with its 2 active nodes
    route /: pool web → site
    warden: removed and made again (warden.json): meanwhile no standby is promoted and nothing repaired
    tier: nginx reloads in place
    - lb-1 updated (members.json, nginx.conf)
    - lb-2 updated (members.json, nginx.conf)
    - site-1 added
    - site-2 added
    - web-1 removed
    - web-2 removed
    - warden-1 replaced delete-first (warden.json)
    - warden-2 replaced delete-first (warden.json)
    > site-1 and site-2 may be refused for an address that is still taken by web-1 and web-2: what goes goes last. Then nothing is changed, and the old nodes serve on [lost 0, takes ?]
    > site-1 and site-2 are made and asked for their health, at most 1 min, before a balancer hears of them [lost 0, takes 0–60000]
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > warden-1 and warden-2 are removed and made again: meanwhile no standby is promoted and nothing repaired [lost 0, takes ?]
    > web-1 and web-2: the balancers are told, requests under way end (at most 30 s), and the nodes go last [lost 0, takes 0–60000]
    before subgraph pool_web ["web: weighted-round-robin"]
    before machine_web_1["− web-1 · 50 #37;"]
    before machine_web_2["− web-2 · 50 #37;"]
    before tier -- "/" --> pool_web
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_web_1,machine_web_2 removed
    after subgraph pool_site ["site: weighted-round-robin"]
    after machine_site_1["+ site-1 · 50 #37;"]
    after machine_site_2["+ site-2 · 50 #37;"]
    after tier -- "/" --> pool_site
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_site_1,machine_site_2 added"
  `);
});

test("a scale up beside another image", () => {
  expect(
    told(base, web({ active: 4, image: { kind: "reference", reference: "acme/api:1.4.2" } })),
  ).toMatchInlineSnapshot(`
    "changed
    pool web: 3 → 4 active nodes, capacity +33 %, still survives the loss of 1 balancer and 4 nodes (before 3), all 5 nodes are replaced (image hotspare/node:test → acme/api:1.4.2), the new beside the old until proved, without a lost request
    - lb-1 updated (members.json)
    - lb-2 updated (members.json)
    - web-1 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    - web-2 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    - web-3 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    - web-4 added
    - web-hot-1 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    - web-cold-1 replaced create-first (image hotspare/node:test → acme/api:1.4.2)
    > web-4 is made and asked for its health, at most 1 min, before a balancer hears of it [lost 0, takes 0–60000]
    > web: 5 nodes are started beside the old, asked for their health (at most 1 min), and ramped up: 5 % and then 30 % of the requests, for 2.5 s each and watched for errors; then the old ones get nothing more, finish what they have (at most 30 s) and go [lost 0, takes 5000–125000]
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    before machine_web_1["↻ web-1 · 33 #37;"]
    before machine_web_2["↻ web-2 · 33 #37;"]
    before machine_web_3["↻ web-3 · 33 #37;"]
    after machine_web_1["↻ web-1 · 25 #37;"]
    after machine_web_2["↻ web-2 · 25 #37;"]
    after machine_web_3["↻ web-3 · 25 #37;"]
    after machine_web_4["+ web-4 · 25 #37;"]
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_web_4 added"
  `);
});

test("pools change places: each stands where the other one stood", () => {
  const [site, api] = [{ active: 2 }, { active: 1 }];
  const routes = [
    { path: "/", pool: "web" },
    { path: "/api/", pool: "api" },
  ];
  const [before, after] = [
    { web: site, api },
    { api, web: site },
  ].map((pools) => dev({ pools, routes }));
  expect(told(before ?? null, after ?? null)).toMatchInlineSnapshot(`
    "changed
    pool api: 1 node is replaced (address 10.77.0.64 → 10.77.0.32), the new beside the old until proved, without a lost request
    pool web: all 2 nodes are replaced (address 10.77.0.32 → 10.77.0.64 and address 10.77.0.33 → 10.77.0.65), the new beside the old until proved, without a lost request
    warden: removed and made again (warden.json): meanwhile no standby is promoted and nothing repaired
    tier: nginx reloads in place
    - lb-1 updated (members.json, nginx.conf)
    - lb-2 updated (members.json, nginx.conf)
    - api-1 replaced create-first (address 10.77.0.64 → 10.77.0.32)
    - web-1 replaced create-first (address 10.77.0.32 → 10.77.0.64)
    - web-2 replaced create-first (address 10.77.0.33 → 10.77.0.65)
    - warden-1 replaced delete-first (warden.json)
    - warden-2 replaced delete-first (warden.json)
    > api and web: 3 nodes are started beside the old, asked for their health (at most 1 min), and ramped up: 5 % and then 30 % of the requests, for 2.5 s each and watched for errors; then the old ones get nothing more, finish what they have (at most 30 s) and go [lost 0, takes 5000–125000]
    > lb-1 and lb-2: the document of members is taken without a reload [lost 0, takes ?]
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > warden-1 and warden-2 are removed and made again: meanwhile no standby is promoted and nothing repaired [lost 0, takes ?]
    before class machine_warden_1,machine_warden_2,machine_web_1,machine_web_2,machine_api_1 replaced
    after class machine_warden_1,machine_warden_2,machine_api_1,machine_web_1,machine_web_2 replaced"
  `);
});

test("renamed by its id: only a word is another", () => {
  const pools = { app: { ...two.web, id: "web" }, api: two.api };
  const change = compare(dev({ pools: two }), dev({ pools, name: "shop", id: "dev" }));
  expect(change.machines).toEqual([]);
  expect(change.files).toEqual([]);
  expect(change.rollout).toEqual([]);
  expect(change.sentences).toEqual([
    {
      subject: "cluster",
      text: "is called shop, which was dev; its id stays, so nothing is replaced for the name",
    },
    {
      subject: "pool app",
      text: "is what was called web; its id stays, so nothing is replaced for the name",
    },
  ]);
  expect(change.pools).toMatchObject([{ name: "app", kind: "changed" }]);
  expect(JSON.stringify(change.topology.after)).toContain('"app: weighted-round-robin"');
});

test("renamed by its id, with a route that changes in the same edit: each is told of by itself", () => {
  const pools = { app: { ...two.web, id: "web" }, api: two.api };
  const routes = [
    { path: "/", pool: "api" },
    { path: "/api/", pool: "app" },
  ];
  const change = compare(dev({ pools: two }), dev({ pools, routes }));
  expect(change.settings.filter(({ path }) => path.endsWith(".pool"))).toEqual([
    { path: "routes[/].pool", before: "app", after: "api" },
    { path: "routes[/api/].pool", before: "api", after: "app" },
  ]);
  expect(change.machines.filter(({ action }) => action !== "updated")).toEqual([]);
});

test("a document of a revision without ids is matched by its names", () => {
  const { plan, ...document } = dev({ pools: two });
  const { shownAs: _, pools, ...older } = plan;
  const old = { ...document, plan: { ...older, pools: pools.map(({ shownAs: _, ...pool }) => pool) } };
  expect(compare(readPlanDocument(structuredClone(old)), dev({ pools: two })).kind).toBe("unchanged");
});

test("a variable that is called like what every object has is told of like any other", () => {
  const change = compare(base, web({ environment: { toString: "1", valueOf: "2" } }));
  const [{ settings } = { settings: [] }] = change.pools;
  expect(settings.filter(({ path }) => path.startsWith("environment."))).toEqual([
    { path: "environment.toString", before: null, after: "1" },
    { path: "environment.valueOf", before: null, after: "2" },
  ]);
});
