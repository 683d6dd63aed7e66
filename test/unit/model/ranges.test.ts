import { describe, expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { plan } from "../../../components/plan/plan.ts";
import { planWarnings } from "../../../components/plan/warnings.ts";
import { problemsOf, small, withBalancer, withPool } from "../../support/small.ts";

const codes = (stack: unknown) => problemsOf(stack).map(([path, code]) => [path, code]);
const aws = (fields: object) => small({ platform: { kind: "aws", region: "eu-central-1", ...fields } });

describe("a cluster's network", () => {
  test.each([
    "0.0.0.0/22",
    "0.255.252.0/22",
    "127.0.0.0/16",
    "127.255.0.0/16",
    "169.254.252.0/22",
    "224.0.0.0/16",
    "239.255.0.0/16",
    "240.0.0.0/16",
    "255.255.0.0/16",
  ])("can't be %s", (subnet) => {
    expect(codes(small({ network: { subnet } }))).toEqual([["network.subnet", "network.special-range"]]);
  });

  const warned = (subnet: string) =>
    planWarnings(loadStack("demo", small({ network: { subnet } })), []).map(({ code }) => code);

  test.each([
    "10.0.0.0/16",
    "10.255.252.0/22",
    "172.16.0.0/16",
    "172.31.0.0/16",
    "192.168.0.0/16",
    "100.64.0.0/16",
    "100.127.252.0/22",
  ])("may be %s without a word", (subnet) => {
    expect(warned(subnet)).toEqual([]);
  });

  test.each([
    "1.0.0.0/16",
    "11.0.0.0/22",
    "126.255.0.0/16",
    "128.0.0.0/16",
    "172.15.0.0/16",
    "172.32.0.0/16",
    "192.167.0.0/16",
    "100.63.0.0/16",
    "100.128.0.0/16",
    "223.255.0.0/16",
  ])("may be %s with a warning", (subnet) => {
    expect(warned(subnet)).toEqual(["network.public-range"]);
  });
});

describe("networks of others", () => {
  test.each(["127.0.0.1/32", "224.0.0.0/8", "240.0.0.0/4", "169.254.169.254/32", "0.0.0.0/8"])(
    "nobody is in %s",
    (network) => {
      expect(codes(withBalancer({ trustedProxies: [network] }))).toEqual([
        ["balancer.trustedProxies[0]", "network.nobody-there"],
      ]);
      expect(codes(aws({ clients: ["192.0.2.0/24", network] }))).toEqual([
        ["platform.clients[1]", "network.nobody-there"],
      ]);
      expect(codes(aws({ reach: [{ network, port: 5432 }] }))).toEqual([
        ["platform.reach[0].network", "network.nobody-there"],
      ]);
    },
  );

  test.each(["0.0.0.0/0", "203.0.113.0/24", "10.0.0.0/8", "128.0.0.0/1"])(
    "somebody may be in %s",
    (network) => {
      expect(codes(withBalancer({ trustedProxies: [network] }))).toEqual([]);
      expect(codes(aws({ clients: [network] }))).toEqual([]);
    },
  );
});

describe("what an environment can't hold", () => {
  test.each(["\0", "a\0b", "\u0007", "\r", "\u001b[0m", "\u007f", "\ud800"])("%j", (value) => {
    expect(codes(withPool({ environment: { GREETING: value } }))).toEqual([
      ["pools.web.environment.GREETING", "pool.environment-unholdable"],
    ]);
  });

  test.each(["", "two\nlines", "a\tb", "Grüße 👋", "$PATH \"x\" 'y' \\"])("it holds %j", (value) => {
    expect(codes(withPool({ environment: { GREETING: value } }))).toEqual([]);
  });
});

test("names that every object has are pools and variables like others", () => {
  expect(codes(small({ pools: { constructor: { active: 2 } } }))).toEqual([]);
  expect(codes(withPool({ environment: { constructor: "1", toString: "2" } }))).toEqual([]);
});

test("on AWS too: nothing is known of such a pool that nobody wrote", () => {
  const pools = { constructor: { active: 2 } };
  const { groups } = plan(loadStack("demo", { ...aws({}), pools }), {
    owner: "00000000",
    images: { node: "node", balancer: "balancer" },
    programs: { balancer: "1", node: "2", sample: "3" },
  });
  expect(groups.map(({ key }) => key)).toContain("constructor");
  expect(
    codes({ ...small(), platform: { kind: "aws", region: "eu-central-1", pools: { constructor: {} } } }),
  ).toEqual([["platform.pools.constructor", "aws.pool-unknown"]]);
});
