import { expect, test } from "vitest";
import { dev, tier, told } from "./told.ts";

/* Changes of balancers, routes and what stands beside them, each as a review tells it. */

const base = dev();
const root = { path: "/", pool: "web" };
const given = {
  kind: "given",
  certificate: { secret: "tls-certificate" },
  key: { secret: "tls-key" },
} as const;

test("one balancer becomes two", () => {
  expect(told(tier({ count: 1 }), base)).toMatchInlineSnapshot(`
    "changed
    tier: 1 → 2 balancers, now survives the loss of 1 balancer (before none), nginx and keepalived reload in place
    door: is removed and made again (entry.conf): the URL on 127.0.0.1 is away for a moment, the address isn't
    - lb-1 updated (firewall.nft, keepalived.conf, nginx.conf)
    - lb-2 added
    - door replaced delete-first (entry.conf)
    - warden-2 added
    > lb-1: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > lb-1: keepalived reloads and keeps the address [lost 0, takes ?]
    > lb-2 is made after the others have heard of it; the address stays where it is [lost 0, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]
    > warden-2 is made [lost 0, takes ?]
    after machine_lb_2["+ lb-2 · 10.77.0.3"]
    after machine_warden_2["+ warden-2"]
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_lb_2,machine_warden_2 added"
  `);
});

test("two balancers become one", () => {
  expect(told(base, tier({ count: 1 }))).toMatchInlineSnapshot(`
    "changed
    tier: 2 → 1 balancer, nobody answers when it is lost, nginx and keepalived reload in place
    door: is removed and made again (entry.conf): the URL on 127.0.0.1 is away for a moment, the address isn't
    - lb-1 updated (firewall.nft, keepalived.conf, nginx.conf)
    - lb-2 removed
    - door replaced delete-first (entry.conf)
    - warden-2 removed
    > lb-1: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > lb-1: keepalived reloads and keeps the address [lost 0, takes ?]
    > lb-2 gives the address away, where it has it, and goes. Lost is what clients have under way on connections that they keep to it [lost 0–20, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]
    > warden-2 goes [lost 0, takes ?]
    before machine_lb_2["− lb-2 · 10.77.0.3"]
    before machine_warden_2["− warden-2"]
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_lb_2,machine_warden_2 removed"
  `);
});

test("TLS on", () => {
  expect(told(base, tier({ listen: { tls: {} } }))).toMatchInlineSnapshot(`
    "changed
    tier: TLS is turned on: port 443, certificate self-signed, and plain requests are sent there, nginx reloads in place
    door: is removed and made again (tlsPort none → 21123): the URL on 127.0.0.1 is away for a moment, the address isn't
    - lb-1 updated (firewall.nft, nginx.conf, tls/self-signed.names)
    - lb-2 updated (firewall.nft, nginx.conf, tls/self-signed.names)
    - door replaced delete-first (tlsPort null → 21123, entry.conf)
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]"
  `);
});

test("TLS off", () => {
  expect(told(tier({ listen: { tls: {} } }), base)).toMatchInlineSnapshot(`
    "changed
    tier: TLS is turned off: port 443 closes, nginx reloads in place
    door: is removed and made again (tlsPort 21123 → none): the URL on 127.0.0.1 is away for a moment, the address isn't
    - lb-1 updated (firewall.nft, nginx.conf, tls/self-signed.names)
    - lb-2 updated (firewall.nft, nginx.conf, tls/self-signed.names)
    - door replaced delete-first (tlsPort 21123 → null, entry.conf)
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]"
  `);
});

test("a given certificate in place of a self-signed one", () => {
  expect(
    told(tier({ listen: { tls: {} } }), tier({ listen: { tls: { certificate: given } } })),
  ).toMatchInlineSnapshot(`
    "changed
    tier: TLS: certificate self-signed (names localhost) → given (certificate the secret "tls-certificate"; key the secret "tls-key") and strictTransport none → max-age=31536000, nginx reloads in place
    - lb-1 updated (nginx.conf, tls/self-signed.names, tls/server.crt, tls/server.key)
    - lb-2 updated (nginx.conf, tls/self-signed.names, tls/server.crt, tls/server.key)
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]"
  `);
});

test("failover timers", () => {
  expect(told(base, tier({ failover: { advertise: "1 s" } }))).toMatchInlineSnapshot(`
    "changed
    tier: failover.advertise 100 ms → 1 s, the address moves 3.453 s after its holder is lost (before 345 ms), keepalived reloads in place
    - lb-1 updated (keepalived.conf)
    - lb-2 updated (keepalived.conf)
    > lb-1 and lb-2: keepalived reloads and keeps the address [lost 0, takes ?]"
  `);
});

test("another router id", () => {
  expect(told(base, tier({ failover: { routerId: 77 } }))).toMatchInlineSnapshot(`
    "changed
    tier: failover.routerId 51 → 77, keepalived reloads in place
    - lb-1 updated (keepalived.conf)
    - lb-2 updated (keepalived.conf)
    > lb-1 and lb-2: keepalived reloads, one balancer after the other; until all have the new router id they don't hear each other, and more than one holds the address. Lost is what clients have under way on connections that they keep to it [lost 0–40, takes ?]"
  `);
});

test("less of a core for the balancers", () => {
  expect(told(base, tier({ cpus: 0.9 }))).toMatchInlineSnapshot(`
    "changed
    tier: both balancers are removed and made again (cpus 1 → 0.9), one after the other: the address moves to one that serves, and connections kept to the other end
    - lb-1 replaced delete-first (cpus 1 → 0.9)
    - lb-2 replaced delete-first (cpus 1 → 0.9)
    > lb-1 and lb-2 are removed and made again, one after the other; the one that holds the address gives it away first. Lost is what clients have under way on connections that they keep to the address; new connections wait for the address, at most 76 ms each time, and the door loses nothing [lost 0–40, takes ?]"
  `);
});

test("less of a core for the only balancer", () => {
  expect(told(tier({ count: 1 }), tier({ count: 1, cpus: 0.9 }))).toMatchInlineSnapshot(`
    "changed
    tier: the only balancer is removed and made again (cpus 1 → 0.9), and nobody answers meanwhile
    - lb-1 replaced delete-first (cpus 1 → 0.9)
    > lb-1, the only balancer, is removed and made again: nobody answers meanwhile [lost ?, takes ?]"
  `);
});

test("more memory for the balancers", () => {
  expect(told(base, tier({ memory: "512 MB" }))).toMatchInlineSnapshot(`
    "changed
    tier: memory 256 MB → 512 MB, nginx reloads in place
    - lb-1 updated (memory 256 MB → 512 MB, nginx.conf)
    - lb-2 updated (memory 256 MB → 512 MB, nginx.conf)
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > lb-1 and lb-2: the memory limit changes while it runs [lost 0, takes ?]"
  `);
});

test("a route more", () => {
  expect(
    told(base, dev({ routes: [root, { path: "/slow/", pool: "web", readTimeout: "30 s" }] })),
  ).toMatchInlineSnapshot(`
    "changed
    route /slow/: is new: pool web answers
    door: is removed and made again (entry.conf): the URL on 127.0.0.1 is away for a moment, the address isn't
    tier: nginx reloads in place
    - lb-1 updated (nginx.conf)
    - lb-2 updated (nginx.conf)
    - door replaced delete-first (entry.conf)
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]
    after tier -- "/slow/" --> pool_web"
  `);
});

test("a route less", () => {
  expect(told(dev({ routes: [root, { path: "/slow/", pool: "web" }] }), base)).toMatchInlineSnapshot(`
    "changed
    route /slow/: is removed: pool web answers there
    door: is removed and made again (entry.conf): the URL on 127.0.0.1 is away for a moment, the address isn't
    tier: nginx reloads in place
    - lb-1 updated (nginx.conf)
    - lb-2 updated (nginx.conf)
    - door replaced delete-first (entry.conf)
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]
    before tier -- "/slow/" --> pool_web"
  `);
});

test("a route's patience", () => {
  expect(
    told(base, dev({ routes: [{ ...root, readTimeout: "2 s", connectTimeout: "500 ms" }] })),
  ).toMatchInlineSnapshot(`
    "changed
    route /: connectTimeout 250 ms → 500 ms and readTimeout 1 min → 2 s
    door: is removed and made again (entry.conf): the URL on 127.0.0.1 is away for a moment, the address isn't
    tier: nginx reloads in place
    - lb-1 updated (nginx.conf)
    - lb-2 updated (nginx.conf)
    - door replaced delete-first (entry.conf)
    > lb-1 and lb-2: nginx is tested with the new files and reloads, one balancer after the other. Lost is a request that a client sends on an idle connection in the moment when it is closed; what is open 60 s later (WebSockets, long downloads) is ended [lost 0–1, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]"
  `);
});

test("wardens off", () => {
  expect(told(base, dev({ warden: { enabled: false } }))).toMatchInlineSnapshot(`
    "changed
    warden: is turned off: hot standbys serve only when no active node can, cold ones never, and nothing is restarted
    - warden-1 removed
    - warden-2 removed
    - filter removed
    > warden-1, warden-2 and filter go [lost 0, takes ?]
    before subgraph aside ["wardens"]
    before machine_warden_1["− warden-1"]
    before machine_warden_2["− warden-2"]
    before machine_filter["− filter"]
    before aside -.-> tier
    before classDef removed stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 4
    before class machine_warden_1,machine_warden_2,machine_filter removed"
  `);
});

test("wardens on", () => {
  expect(told(dev({ warden: { enabled: false } }), base)).toMatchInlineSnapshot(`
    "changed
    warden: is turned on: standbys step in for single nodes, and what dies is restarted
    - warden-1 added
    - warden-2 added
    - filter added
    > warden-1, warden-2 and filter are made [lost 0, takes ?]
    after subgraph aside ["wardens"]
    after machine_warden_1["+ warden-1"]
    after machine_warden_2["+ warden-2"]
    after machine_filter["+ filter"]
    after aside -.-> tier
    after classDef added stroke:#2da44e,stroke-width:3px
    after class machine_warden_1,machine_warden_2,machine_filter added"
  `);
});

test("the wardens' timers", () => {
  expect(told(base, dev({ warden: { calm: "20 s" } }))).toMatchInlineSnapshot(`
    "changed
    warden: calm 10 s → 20 s, removed and made again: meanwhile no standby is promoted and nothing repaired
    - warden-1 replaced delete-first (warden.json)
    - warden-2 replaced delete-first (warden.json)
    > warden-1 and warden-2 are removed and made again: meanwhile no standby is promoted and nothing repaired [lost 0, takes ?]"
  `);
});

test("new images of the kit", () => {
  const images = { balancer: "hotspare/balancer:new", warden: "hotspare/warden:new" };
  expect(told(base, dev({}, images))).toMatchInlineSnapshot(`
    "changed
    tier: both balancers are removed and made again (image hotspare/balancer:test → hotspare/balancer:new), one after the other: the address moves to one that serves, and connections kept to the other end
    warden: removed and made again (image hotspare/warden:test → hotspare/warden:new): meanwhile no standby is promoted and nothing repaired
    door: is removed and made again (image hotspare/balancer:test → hotspare/balancer:new): the URL on 127.0.0.1 is away for a moment, the address isn't
    - lb-1 replaced delete-first (image hotspare/balancer:test → hotspare/balancer:new)
    - lb-2 replaced delete-first (image hotspare/balancer:test → hotspare/balancer:new)
    - door replaced delete-first (image hotspare/balancer:test → hotspare/balancer:new)
    - warden-1 replaced delete-first (image hotspare/warden:test → hotspare/warden:new)
    - warden-2 replaced delete-first (image hotspare/warden:test → hotspare/warden:new)
    > lb-1 and lb-2 are removed and made again, one after the other; the one that holds the address gives it away first. Lost is what clients have under way on connections that they keep to the address; new connections wait for the address, at most 76 ms each time, and the door loses nothing [lost 0–40, takes ?]
    > the door is removed and made again: the URL on 127.0.0.1 is away for a moment, the address isn't [lost ?, takes ?]
    > warden-1 and warden-2 are removed and made again: meanwhile no standby is promoted and nothing repaired [lost 0, takes ?]"
  `);
});
