import { describe, expect, test } from "vitest";
import { loadStack } from "../../../../components/model/define.ts";
import type { StackInput } from "../../../../components/model/spec.ts";
import { plan } from "../../../../components/plan/plan.ts";
import { compare } from "../../../../components/review/compare/index.ts";
import { awsStack } from "../../../support/aws/stacks.ts";
import { contextFor } from "../../../support/plan-any.ts";
import { documentOf } from "../../../support/plan-documents.ts";
import { told } from "./told.ts";

/* Changes where the platform's engine keeps the machines, each as a review tells it. */

type Pool = StackInput["pools"][string];

const shop = (pool: Partial<Pool> = {}, platform: object = {}, fields: object = {}) =>
  documentOf({
    name: "shop",
    environment: "staging",
    platform: { kind: "aws", region: "eu-central-1", ...platform },
    pools: { web: { active: 3, standby: { hot: 1, cold: 1 }, ...pool } },
    ...fields,
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
    group web: count.desired 3 → 5, count.max 3 → 5 and count.min 3 → 5, no machine is replaced
    watching: web-capacity Minimum of GroupInServiceInstances below 3, 3 × 60 s → Minimum of GroupInServiceInstances below 5, 3 × 60 s and web-mass Maximum of UnHealthyHostCount above 1, 1 × 60 s → Maximum of UnHealthyHostCount above 2, 1 × 60 s
    cost: about $238.07 → $278.84 a month (+17 %): pool web +$36.57 and watching +$4.20
    - web updated (count.desired 3 → 5, count.max 3 → 5, count.min 3 → 5)
    > web: 2 machines more are made, and count when ready [lost 0, takes 0–360000]
    before machine_web["~ web · 3 active · 1 stopped"]
    after machine_web["~ web · 5 active · 1 stopped"]"
  `);
});

test("another image", () => {
  expect(told(base, shop({ image: { kind: "reference", reference: "acme/api:2" } }))).toMatchInlineSnapshot(`
    "changed
    groups web, web-hot: machines are replaced by an instance refresh, 1 at a time, new ones first (service.image sample → reference (reference acme/api:2); other files: hotspare-node.service and packages)
    - web replaced create-first (service.image sample → reference (reference acme/api:2), /etc/systemd/system/hotspare-node.service, packages)
    - web-hot replaced create-first (service.image sample → reference (reference acme/api:2), /etc/systemd/system/hotspare-node.service, packages)
    > \`up\` starts an instance refresh of web (1 of 3 at a time) and web-hot (1 of 1 at a time) and ends; they go on side by side, with at least 100 % in service, stops 2 min at 20, 50, 100 %, and go back when a new machine isn't ready within 6 min or an alarm rises; an old one has 30 s to finish [lost 0, takes 630000–1620000]"
  `);
});

test("larger machines", () => {
  expect(told(base, shop({}, { instanceType: "m6i.large" }))).toMatchInlineSnapshot(`
    "changed
    group lb: machines are replaced by an instance refresh, 1 at a time, new ones first (machine.type t3.small → m6i.large)
    groups web, web-hot: machines are replaced by an instance refresh, 1 at a time, new ones first (machine.type t3.small → m6i.large; other files: hotspare-node.service)
    cost: about $238.07 → $636.65 a month (+167 %): pool web +$199.29, balancers +$132.86 and hot standbys of web +$66.43
    - lb replaced create-first (machine.type t3.small → m6i.large)
    - web replaced create-first (machine.type t3.small → m6i.large, /etc/systemd/system/hotspare-node.service)
    - web-hot replaced create-first (machine.type t3.small → m6i.large, /etc/systemd/system/hotspare-node.service)
    > \`up\` starts an instance refresh of lb (1 of 2 at a time), web (1 of 3 at a time) and web-hot (1 of 1 at a time) and ends; they go on side by side, with at least 100 % in service, stops 2 min at 20, 50, 100 %, and go back when a new machine isn't ready within 6 min or an alarm rises; an old one has 30 s to finish [lost 0–1, takes 630000–1620000]"
  `);
});

test("the hot standbys go", () => {
  expect(told(base, shop({ standby: { cold: 1 } }))).toMatchInlineSnapshot(`
    "changed
    pool web: 1 → 0 hot standbys, survives only the loss of 1 balancer and 2 nodes (before 3)
    group lb: machines are replaced by an instance refresh, 1 at a time, new ones first (other files: follower.json)
    group web-hot: is removed with its machines, 1 × t3.small
    watching: 1 alarm less: web-hot-missing
    cost: about $238.07 → $217.59 a month (−8.6 %): hot standbys of web −$18.28 and watching −$2.20
    - lb replaced create-first (/etc/hotspare/follower.json)
    - web-hot removed
    > \`up\` starts an instance refresh of lb (1 of 2 at a time) and ends; it goes on, with at least 100 % in service, stops 2 min at 20, 50, 100 %, and goes back when a new machine isn't ready within 6 min or an alarm rises; an old one has 30 s to finish [lost 0–1, takes 540000–1200000]
    > web-hot: the machines finish what they have and go [lost 0, takes ?]
    before machine_web_hot["− web-hot · 1 hot"]
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_web_hot removed"
  `);
});

/* What of a stack on AWS reaches which machines, as a reviewer reads it. */

const zones = { zones: ["eu-central-1a", "eu-central-1b"] };
const sentences = (before: ReturnType<typeof shop>, after: ReturnType<typeof shop>) =>
  compare(before, after).sentences.map(({ subject, text }) => `${subject}: ${text}`);
const listening = (listen: object) => ({ balancer: { kind: "nginx", listen } });
const own = (fields: object, platform: object = {}) => shop({}, platform, fields);

describe("another", () => {
  test.each<[string, ReturnType<typeof shop>, string[]]>([
    [
      "rate limit is another nginx.conf, and so other balancers",
      own({ balancer: { kind: "nginx", rateLimit: { perSecond: 50, burst: 10 } } }),
      [
        "group lb: machines are replaced by an instance refresh, 1 at a time, new ones first (other files: nginx.conf)",
        "route /: rateLimit none → 50 a second, 10 more at once",
      ],
    ],
    [
      "pace of health checks reaches the balancers that ask, and no node",
      shop({ health: { interval: "1 s" } }),
      [
        "pool web: health.interval 200 ms → 1 s, a node is out 2 s after it fails its checks (before 400 ms)",
        "group lb: machines are replaced by an instance refresh, 1 at a time, new ones first (other files: follower.json)",
      ],
    ],
    [
      "variable of a pool's nodes reaches them, and not the balancers",
      shop({ environment: { LOG: "debug" } }),
      [
        "groups web, web-hot: machines are replaced by an instance refresh, 1 at a time, new ones first (service.environment.LOG; other files: node.env)",
      ],
    ],
    [
      "tag is in every launch template",
      shop({}, { tags: { team: "a" } }),
      [
        "groups lb, web, web-hot: machines are replaced by an instance refresh, 1 at a time, new ones first (tags none → team=a)",
        "tags: none → team=a, on everything that the cluster has",
      ],
    ],
    [
      "image is in every launch template",
      shop({}, { image: { kind: "ami", id: "ami-0123456789abcdef0", architecture: "x86_64" } }),
      [
        "groups lb, web, web-hot: machines are replaced by an instance refresh, 1 at a time, new ones first (image /aws/service/debian/release/13/latest/amd64 or /aws/service/debian/release/13/latest/arm64 → ami-0123456789abcdef0)",
      ],
    ],
    [
      "number of waiting machines replaces none",
      shop({ standby: { hot: 1, cold: 2 } }),
      [
        "pool web: 1 → 2 cold standbys",
        "group web: waiting.count 1 → 2, no machine is replaced",
        "watching: web-waiting Minimum of WarmPoolWarmedCapacity below 1, 15 × 60 s → Minimum of WarmPoolWarmedCapacity below 2, 15 × 60 s",
        "cost: about $238.07 → $238.83 a month (+0.32 %): stopped standbys of web +$0.76",
      ],
    ],
    [
      "pace of refreshes replaces none",
      shop({}, { refresh: { healthyPercent: 50 } }),
      ["groups lb, web, web-hot: refresh.healthyPercent 100 → 50, no machine is replaced"],
    ],
    [
      "path by which a group asks whether its nodes live replaces none",
      shop({}, { pools: { web: { live: "/live" } } }),
      [
        "liveness: of group web by /live (before a connection), of group web-hot by /live (before a connection)",
      ],
    ],
    [
      "zone is an address and subnets more",
      shop({}, { zones: 3 }),
      [
        "groups lb, web, web-hot: zones eu-central-1a, eu-central-1b → eu-central-1a, eu-central-1b, eu-central-1c, no machine is replaced",
        "network: 1 zone (eu-central-1c) more: its subnets are made, the load balancer gets an address there and the groups spread",
        "cost: about $238.07 → $283.33 a month (+19 %): network +$41.61 and balancers +$3.65",
      ],
    ],
    [
      "way out cuts what is open, and no client",
      shop({}, { vpc: { kind: "own", nat: "one" } }),
      [
        "network: NAT per-zone → one: what machines have open to the outside is cut once; clients notice nothing",
        "cost: about $238.07 → $196.46 a month (−17 %): network −$41.61",
      ],
    ],
    [
      "network of clients is a rule",
      shop({}, { clients: ["198.51.100.0/24"] }),
      ["clients: may come in from 198.51.100.0/24 (before 0.0.0.0/0)"],
    ],
    [
      "database that nodes may reach is a rule",
      shop({}, { reach: [{ network: "10.9.0.0/16", port: 5432 }] }),
      ["nodes: may reach network 10.9.0.0/16; port 5432, besides the web (before none)"],
    ],
    [
      "port is a listener's in place and other balancers behind it",
      own(listening({ http: 8080 })),
      [
        "tier: httpPort 80 → 8080",
        "group lb: machines are replaced by an instance refresh, 1 at a time, new ones first (other files: firewall.nft and nginx.conf)",
        "load balancer: http.port 80 → 8080, in place",
      ],
    ],
    [
      "person to tell is the watching's affair",
      shop({}, { monitoring: { notify: ["a@example.com"] } }),
      ["watching: notify none → a@example.com"],
    ],
    [
      "account that is named is where the cluster is already",
      shop({}, { account: "123456789012" }),
      ["platform: account none → 123456789012"],
    ],
  ])("%s", (_, after, says) => {
    expect(sentences(shop({}, zones), after)).toEqual(says);
  });
});

test("a zone less, another range, another VPC and another region end the load balancer", () => {
  const three = shop({}, { zones: 3 });
  expect(sentences(three, base)[1]).toBe(
    "network: 1 zone (eu-central-1c) less: the load balancer is removed and made again under another name, since none can leave a zone, and nobody answers meanwhile",
  );
  const range = own({ network: { subnet: "10.99.0.0/20" } });
  expect(sentences(own({ network: { subnet: "10.98.0.0/20" } }), range)).toEqual([
    "network: subnet 10.98.0.0/20 → 10.99.0.0/20, 3 groups and the network are removed and made again, and the cluster is down meanwhile",
  ]);
  const adopted = shop(
    {},
    {
      ...zones,
      vpc: {
        kind: "adopted",
        id: "vpc-0123456789abcdef0",
        public: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        private: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
      },
    },
  );
  expect(sentences(base, adopted)[0]).toMatch(
    /^network: .*vpc\.ownership own → adopted.*3 groups and the network are/,
  );
  expect(compare(base, adopted).machines.map(({ order }) => order)).toEqual(Array(3).fill("delete-first"));
  expect(sentences(base, shop({}, { region: "eu-west-1" }))[0]).toBe(
    "cluster: region eu-central-1 → eu-west-1: everything is removed and made again, and the cluster is down meanwhile",
  );
});

test("an adopted VPC has a range of its own, whatever the stack's network is", () => {
  const vpc = {
    kind: "adopted",
    id: "vpc-0123456789abcdef0",
    public: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    private: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  };
  const adopted = (subnet: string) => own({ network: { subnet } }, { ...zones, vpc });
  const change = compare(adopted("10.98.0.0/20"), adopted("10.99.0.0/20"));
  expect(change.machines).toEqual([]);
  expect(change.rollout).toEqual([]);
});

test("programs of the machines that are others replace them, by their hash", () => {
  const of = (programs: object) => {
    const stack = awsStack();
    const planned = plan(loadStack("test", stack), {
      ...contextFor(stack),
      programs: { balancer: "1", node: "1", sample: "1", ...programs },
    });
    return { ...documentOf(stack), plan: planned };
  };
  expect(sentences(of({}), of({ sample: "2" }))).toEqual([
    "group web: machines are replaced by an instance refresh, 1 at a time, new ones first (programs 1 → 2)",
  ]);
  expect(sentences(of({}), of({}))).toEqual([]);
});

test("files count where both sides have the group, and where both revisions render it", () => {
  const more = shop({ standby: { hot: 1, cold: 1 } });
  const less = shop({ standby: { cold: 1 } });
  expect(compare(less, more).files.map(({ path, machines }) => [path, machines])).toEqual([
    ["/etc/hotspare/follower.json", ["lb"]],
  ]);
  expect(compare({ ...base, machines: [] }, base).kind).toBe("unchanged");
});

test("a pool that goes leaves balancers behind that still ask it, and says so", () => {
  const two = own({
    pools: { web: { active: 3, standby: { hot: 1, cold: 1 } }, api: { active: 2 } },
    routes: [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api" },
    ],
  });
  const { rollout } = compare(two, base);
  expect(rollout.at(-1)?.text).toContain("go on sending requests of api there, and these fail");
  expect(rollout.at(-1)?.lost?.high).toBeGreaterThan(10_000);
  // A pool that nobody asked, e.g. hot standbys, leaves nothing behind.
  expect(compare(base, shop({ standby: { cold: 1 } })).rollout.at(-1)?.lost).toEqual({ low: 0, high: 0 });
});

test("fewer machines are drained, and those that follow a load only have other bounds", () => {
  const steps = (before: object, after: object) =>
    compare(shop({}, before), shop({}, after)).rollout.map(({ text }) => text);
  const follows = (min: number) => ({
    pools: { web: { scaling: { min, max: 9, targets: [{ kind: "cpu", percent: 50 }] } } },
  });
  expect(compare(shop({ active: 5 }), base).rollout.map(({ text }) => text)).toEqual([
    "web: 2 machines get nothing new, finish within 30 s and go",
  ]);
  expect(steps(follows(2), follows(3))).toEqual([
    "web: at most 1 machine more is made, and counts when ready",
  ]);
  expect(steps(follows(3), follows(1))).toEqual(["web: may shrink by 2 more, when its targets allow it"]);
});
