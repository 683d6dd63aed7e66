import { describe, expect, test } from "vitest";
import { describePlan } from "../../../../../components/plan/describe.ts";
import { awsPlanOf } from "../../../../../components/plan/platforms/aws/part.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

const trafficOf = (platform: object = {}, fields: object = {}) =>
  awsPlanOf(awsPlan({ vpc: { kind: "own", nat: "one" }, ...platform }, fields)).cost.traffic;
const itemsOf = (platform: object = {}, fields: object = {}) =>
  Object.fromEntries(
    trafficOf(platform, fields).items.map(({ what, usdPerMonth }) => [
      what,
      [usdPerMonth?.low, usdPerMonth?.high],
    ]),
  );
const month = 730 * 3600;
const gibibyte = 1024 ** 3;

describe("what depends on the load", () => {
  test("is a range, each item by hand", () => {
    const traffic = { low: 10, high: 1000, answer: "20 KB" };
    const items = itemsOf({ traffic });
    const logs = (rate: number) => ((rate * month * 406) / gibibyte) * (0.63 + (0.15 * 0.0324 * 14) / 30);
    expect(items["access logs in CloudWatch"]?.[0]).toBeCloseTo(logs(10), 1);
    expect(items["access logs in CloudWatch"]?.[1]).toBeCloseTo(logs(1000), 1);
    const out = (rate: number) => (rate * month * 20 * 1024) / gibibyte;
    expect(items["answers to the internet"]?.[0]).toBeCloseTo((out(10) - 100) * 0.09, 1);
    expect(items["answers to the internet"]?.[1]).toBeCloseTo(out(1000) * 0.09, 1);
    // Two zones: half of it crosses, twice, and is paid at either end.
    const moved = (rate: number) => (rate * month * (600 + 20 * 1024)) / gibibyte;
    expect(items["between zones"]?.[1]).toBeCloseTo(moved(1000) * 0.5 * 4 * 0.01, 1);
    expect(items["capacity units of the load balancer"]?.[1]).toBeCloseTo(
      (moved(1000) / 730) * 730 * 0.006,
      1,
    );
  });

  test("grows with it, and without any nothing is left but the followers' own", () => {
    const quiet = itemsOf({ traffic: { low: 0, high: 0 } });
    const own = Object.entries(quiet).filter(([, [, high = 0]]) => high > 0);
    expect(own.map(([what]) => what)).toEqual([
      "logs and followers' questions through NAT",
      "followers' questions in a second trail of CloudTrail, if there is one",
    ]);
    const { total } = trafficOf({ traffic: { low: 1, high: 500 } });
    expect(total?.high).toBeGreaterThan(50 * (total?.low ?? 0) * 0.1);
  });

  test("takes a capacity unit for fewer connections where TLS ends at the load balancer", () => {
    const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000";
    const tls = { listen: { tls: { certificate: { kind: "acm", arn } } } };
    const units = (fields: object) =>
      itemsOf({ traffic: { low: 1, high: 1000, answer: "100 B" } }, fields)[
        "capacity units of the load balancer"
      ]?.[1] ?? 0;
    // 1,000 new connections a second: 800 a unit, or 50.
    expect(units({ balancer: { kind: "nginx", ...tls } })).toBeCloseTo(20 * 730 * 0.006, 1);
    expect(units({})).toBeLessThan(3 * 730 * 0.006);
  });

  test("is told with the whole as a range; where the table has no prices so is that", () => {
    const text = describePlan(awsPlan({ traffic: { low: 1, high: 50 } }));
    expect(text).toMatch(
      /with 1 to 50 requests a second, answers of 10 KB\n {4}access logs in CloudWatch +\$\d/,
    );
    expect(text).toMatch(/ {2}in all \$\d+\.\d\d to \$\d+\.\d\d\n/);
    expect(describePlan(awsPlan({ region: "eu-north-1" }))).toContain("  in all no price");
  });
});
