import { describe, expect, test } from "vitest";
import { describePlan } from "../../../components/plan/describe.ts";
import { takeOver } from "../../../components/plan/forecast-tier.ts";
import { planAny } from "../../support/plan-any.ts";
import { small, withBalancer } from "../../support/small.ts";

const planOf = (stack: Record<string, unknown>) => planAny(stack as { pools: object });

/*
 * RFC 9568, 6.1: Active_Down_Interval = 3 × Advertisement_Interval + Skew_Time, and
 * Skew_Time = (256 − Priority) × Advertisement_Interval / 256. The second balancer has priority 140: skew 116/256.
 */
describe("the time until the address moves", () => {
  test.each([
    ["100 ms", 345],
    ["10 ms", 35],
    ["1 s", 3453],
    ["40 s", 138_125],
  ])("adverts every %s: %i ms", (advertise, milliseconds) => {
    expect(takeOver(planOf(withBalancer({ failover: { advertise } })))).toBe(milliseconds);
  });

  test("the third and fourth balancer change nothing: the second is the first to take it", () => {
    expect(takeOver(planOf(withBalancer({ count: 4 })))).toBe(345);
  });
});

test("a single balancer is not said to have a peer", () => {
  const words = describePlan(planOf(withBalancer({ count: 1 })));
  expect(words).toMatch(/^balancers lb-1 [0-9.]+; there is no other that could take the address$/m);
});

test("a plan in words", () => {
  const stack = small({
    environment: "staging",
    network: { subnet: "10.77.0.0/22" },
    balancer: { kind: "nginx", listen: { tls: {} }, door: { http: 8080, tls: 8443 } },
    pools: { web: { active: 2, standby: { hot: 1, cold: 1 }, weights: { "web-1": 3 } } },
    routes: [
      { path: "/", pool: "web" },
      { path: "/live/", pool: "web", streaming: true, idempotent: true },
    ],
  });
  expect(describePlan(planOf(stack)).split("\n")).toEqual([
    "demo: staging cluster on docker, owner 0123abcd",
    "network 10.77.0.0/22, virtual address 10.77.0.10:80 and :443 (TLS)",
    "balancers lb-1 10.77.0.2, lb-2 10.77.0.3; the address moves 345 ms after its holder is lost",
    "pool web, weighted-round-robin: web-1 10.77.0.32 (75 %), web-2 10.77.0.33 (25 %), web-hot-1 10.77.0.52 (hot), web-cold-1 10.77.0.58 (cold); a node is out 400 ms after it fails its checks",
    "route /live/ → web: connect 250 ms, silence an hour, 3 tries in 4 s, bodies to 1 MB, idempotent, streaming",
    "route / → web: connect 250 ms, silence learned, at most 1 min, 3 tries in 4 s, bodies to 1 MB",
    "door http://127.0.0.1:8080, https://127.0.0.1:8443",
    "warning: platform.kind: a staging cluster on one Docker host goes down with that host; acknowledge it for a rehearsal, or choose a platform with several hosts (platform.docker-single-host)",
  ]);
});
