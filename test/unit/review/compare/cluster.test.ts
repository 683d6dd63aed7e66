import { expect, test } from "vitest";
import { compare } from "../../../../components/review/compare/index.ts";
import { dev, drawn, told, web } from "./told.ts";

/* Changes of a cluster as a whole, each as a review tells it. */

const base = dev();

test("another subnet", () => {
  expect(told(base, dev({ network: { subnet: "10.88.0.0/22" } }))).toMatchInlineSnapshot(`
    "changed
    network: subnet 10.77.0.0/22 → 10.88.0.0/22 and virtualAddress 10.77.0.10 → 10.88.0.10, 10 machines and the network are removed and made again, and the cluster is down meanwhile
    - lb-1 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.2 → 10.88.0.2, firewall.nft, keepalived.conf, members.json, nginx.conf)
    - lb-2 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.3 → 10.88.0.3, firewall.nft, keepalived.conf, members.json, nginx.conf)
    - web-1 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.32 → 10.88.0.32)
    - web-2 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.33 → 10.88.0.33)
    - web-3 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.34 → 10.88.0.34)
    - web-hot-1 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.52 → 10.88.0.52)
    - web-cold-1 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.58 → 10.88.0.58)
    - door replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.11 → 10.88.0.11, entry.conf)
    - warden-1 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.12 → 10.88.0.12, warden.json)
    - warden-2 replaced delete-first (network.subnet 10.77.0.0/22 → 10.88.0.0/22, address 10.77.0.13 → 10.88.0.13, warden.json)
    > everything in the network is removed and made again (network.subnet): nobody answers from the first removal until the new cluster stands [lost ?, takes ?]
    before clients([clients]) --> address(["10.77.0.10"])
    before machine_lb_1["↻ lb-1 · 10.77.0.2"]
    before machine_lb_2["↻ lb-2 · 10.77.0.3"]
    after clients([clients]) --> address(["10.88.0.10"])
    after machine_lb_1["↻ lb-1 · 10.88.0.2"]
    after machine_lb_2["↻ lb-2 · 10.88.0.3"]"
  `);
});

test("another name", () => {
  expect(told(base, dev({ name: "shop" }))).toMatchInlineSnapshot(`
    "changed
    cluster: cluster dev → shop: everything is removed and made again, and the cluster is down meanwhile
    - lb-1 replaced delete-first (cluster dev → shop, name dev-0123-lb-1 → shop-0123-lb-1, firewall.nft, keepalived.conf, nginx.conf)
    - lb-2 replaced delete-first (cluster dev → shop, name dev-0123-lb-2 → shop-0123-lb-2, firewall.nft, keepalived.conf, nginx.conf)
    - web-1 replaced delete-first (cluster dev → shop, environment.HOTSPARE_CLUSTER dev → shop, name dev-0123-web-1 → shop-0123-web-1)
    - web-2 replaced delete-first (cluster dev → shop, environment.HOTSPARE_CLUSTER dev → shop, name dev-0123-web-2 → shop-0123-web-2)
    - web-3 replaced delete-first (cluster dev → shop, environment.HOTSPARE_CLUSTER dev → shop, name dev-0123-web-3 → shop-0123-web-3)
    - web-hot-1 replaced delete-first (cluster dev → shop, environment.HOTSPARE_CLUSTER dev → shop, name dev-0123-web-hot-1 → shop-0123-web-hot-1)
    - web-cold-1 replaced delete-first (cluster dev → shop, environment.HOTSPARE_CLUSTER dev → shop, name dev-0123-web-cold-1 → shop-0123-web-cold-1)
    - door replaced delete-first (cluster dev → shop, httpPort 21122 → 29756, name dev-0123-door → shop-0123-door, entry.conf)
    - warden-1 replaced delete-first (cluster dev → shop, name dev-0123-warden-1 → shop-0123-warden-1, warden.json)
    - warden-2 replaced delete-first (cluster dev → shop, name dev-0123-warden-2 → shop-0123-warden-2, warden.json)
    - filter replaced delete-first (cluster dev → shop, name dev-0123-filter → shop-0123-filter)
    > everything in the network is removed and made again (cluster): nobody answers from the first removal until the new cluster stands [lost ?, takes ?]
    before machine_door["↻ door · 127.0.0.1:21122"] --> address
    after machine_door["↻ door · 127.0.0.1:29756"] --> address"
  `);
});

test("a stack that is new", () => {
  expect(told(null, base)).toMatchInlineSnapshot(`
    "added
    cluster: is new: 2 balancers and pool web with 3 active nodes, 1 hot standby and 1 cold standby; survives the loss of 1 balancer and 3 nodes
    - lb-1 added
    - lb-2 added
    - web-1 added
    - web-2 added
    - web-3 added
    - web-hot-1 added
    - web-cold-1 added
    - door added
    - warden-1 added
    - warden-2 added
    - filter added
    > everything is made; nobody is served before [lost 0, takes 0–60000]
    after flowchart LR
    after clients([clients]) --> address(["10.77.0.10"])
    after machine_door["+ door · 127.0.0.1:21122"] --> address
    after subgraph tier ["balancers: nginx"]
    after machine_lb_1["+ lb-1 · 10.77.0.2"]
    after machine_lb_2["+ lb-2 · 10.77.0.3"]
    after end
    after address --> tier
    after subgraph aside ["wardens"]
    after machine_warden_1["+ warden-1"]
    after machine_warden_2["+ warden-2"]
    after machine_filter["+ filter"]
    after end
    after aside -.-> tier
    after subgraph pool_web ["web: weighted-round-robin"]
    after machine_web_1["+ web-1 · 33 #37;"]
    after machine_web_2["+ web-2 · 33 #37;"]
    after machine_web_3["+ web-3 · 33 #37;"]
    after machine_web_hot_1["+ web-hot-1 · hot standby"]
    after machine_web_cold_1["+ web-cold-1 · cold standby, off"]
    after end
    after tier -- "/" --> pool_web
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_lb_1,machine_lb_2,machine_door,machine_warden_1,machine_warden_2,machine_filter,machine_web_1,machine_web_2,machine_web_3,machine_web_hot_1,machine_web_cold_1 added"
  `);
});

test("a stack that is removed", () => {
  expect(told(base, null)).toMatchInlineSnapshot(`
    "removed
    cluster: is removed with its 2 balancers and 5 nodes, and nobody answers afterwards
    - lb-1 removed
    - lb-2 removed
    - web-1 removed
    - web-2 removed
    - web-3 removed
    - web-hot-1 removed
    - web-cold-1 removed
    - door removed
    - warden-1 removed
    - warden-2 removed
    - filter removed
    > everything is removed: no request is answered any more [lost ?, takes ?]
    before flowchart LR
    before clients([clients]) --> address(["10.77.0.10"])
    before machine_door["− door · 127.0.0.1:21122"] --> address
    before subgraph tier ["balancers: nginx"]
    before machine_lb_1["− lb-1 · 10.77.0.2"]
    before machine_lb_2["− lb-2 · 10.77.0.3"]
    before end
    before address --> tier
    before subgraph aside ["wardens"]
    before machine_warden_1["− warden-1"]
    before machine_warden_2["− warden-2"]
    before machine_filter["− filter"]
    before end
    before aside -.-> tier
    before subgraph pool_web ["web: weighted-round-robin"]
    before machine_web_1["− web-1 · 33 #37;"]
    before machine_web_2["− web-2 · 33 #37;"]
    before machine_web_3["− web-3 · 33 #37;"]
    before machine_web_hot_1["− web-hot-1 · hot standby"]
    before machine_web_cold_1["− web-cold-1 · cold standby, off"]
    before end
    before tier -- "/" --> pool_web
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_lb_1,machine_lb_2,machine_door,machine_warden_1,machine_warden_2,machine_filter,machine_web_1,machine_web_2,machine_web_3,machine_web_hot_1,machine_web_cold_1 removed"
  `);
});

test("a stack on neither side", () => {
  expect(told(null, null)).toBe("unchanged");
});

test("protection off", () => {
  expect(told(dev({ protect: true }), base)).toMatchInlineSnapshot(`
    "changed
    cluster: protection is turned off: \`./hotspare down\` asks no more"
  `);
});

test("the pace of roll-outs", () => {
  expect(told(base, dev({ rollout: { step: "5 s" } }))).toMatchInlineSnapshot(`
    "changed
    rollout: step 2.5 s → 5 s"
  `);
});

test("another rendering of the same settings", () => {
  const machines = base.machines.map(({ machine, files }) => ({
    machine,
    files: files.map((file) =>
      file.path === "nginx.conf" ? { ...file, content: `${file.content}# more\n` } : file,
    ),
  }));
  expect(told(base, { ...base, machines })).toMatchInlineSnapshot(`
    "changed
    tier: nginx reloads in place
    - lb-1 updated (nginx.conf)
    - lb-2 updated (nginx.conf)
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]"
  `);
});

test("a node that the kit makes of something else", () => {
  const nodes = base.plan.nodes.map((node) => ({ ...node, fingerprint: "0000000000000000" }));
  expect(told(base, { ...base, plan: { ...base.plan, nodes } })).toMatchInlineSnapshot(`
    "changed
    pool web: all 5 nodes are replaced (the kit makes something else of a node), the new beside the old until proved, without a lost request
    - web-1 replaced create-first (fingerprint da83778afc937d99 → 0000000000000000)
    - web-2 replaced create-first (fingerprint 7ea75aaacb72b6e9 → 0000000000000000)
    - web-3 replaced create-first (fingerprint 049d114e2535ba81 → 0000000000000000)
    - web-hot-1 replaced create-first (fingerprint f0a39b8f37c8abee → 0000000000000000)
    - web-cold-1 replaced create-first (fingerprint c2434d6d0f05ffe0 → 0000000000000000)
    > web: 5 nodes are started beside the old, asked for their health (at most 1 min), and ramped up: 5 % and then 30 % of the requests, for 2.5 s each and watched for errors; then the old ones get nothing more, finish what they have (at most 30 s) and go [lost 0, takes 5000–125000]"
  `);
});

test("the whole picture of a cluster", () => {
  expect(
    drawn(compare(base, web({ active: 2, standby: { hot: 2, cold: 1 } })).topology.after),
  ).toMatchInlineSnapshot(`
    "flowchart LR
      clients([clients]) --> address(["10.77.0.10"])
      machine_door["door · 127.0.0.1:21122"] --> address
      subgraph tier ["balancers: nginx"]
        machine_lb_1["~ lb-1 · 10.77.0.2"]
        machine_lb_2["~ lb-2 · 10.77.0.3"]
      end
      address --> tier
      subgraph aside ["wardens"]
        machine_warden_1["warden-1"]
        machine_warden_2["warden-2"]
        machine_filter["filter"]
      end
      aside -.-> tier
      subgraph pool_web ["web: weighted-round-robin"]
        machine_web_1["web-1 · 50 #37;"]
        machine_web_2["web-2 · 50 #37;"]
        machine_web_hot_1["web-hot-1 · hot standby"]
        machine_web_hot_2["+ web-hot-2 · hot standby"]
        machine_web_cold_1["web-cold-1 · cold standby, off"]
      end
      tier -- "/" --> pool_web
      classDef added stroke:#2da44e,stroke-width:3px
      class machine_web_hot_2 added
      classDef updated stroke:#0969da,stroke-width:2px
      class machine_lb_1,machine_lb_2 updated"
  `);
});
