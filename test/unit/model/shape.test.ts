import { describe, expect, test } from "vitest";
import { formatPath } from "../../../components/model/shape.ts";
import { problemsOf, small, withBalancer, withPool, withRoutes } from "../../support/small.ts";

const docs = "see the field in docs/stacks.md";
const label = "is not a name of lower-case letters, digits and inner hyphens that starts with a letter";
const urlPath = 'is not a URL path (starts with "/", no spaces, quotes, ";", "{", "$")';

/** What is wrong, and the one problem that it makes: path, code, message, hint. */
const cases: readonly (readonly [what: string, stack: unknown, problem: readonly string[]])[] = [
  ["no stack at all", null, ["", "shape.wrong-type", "null is not an object", "give an object"]],
  ["a list", [], ["", "shape.wrong-type", "[] is not an object", "give an object"]],
  ["a missing name", small({ name: undefined }), ["name", "shape.missing", "is missing", "give a string"]],
  [
    "a missing choice",
    small({ environment: undefined }),
    ["environment", "shape.missing", "is missing", 'give one of ["development", "staging", "production"]'],
  ],
  [
    "an unknown choice",
    small({ environment: "prod" }),
    [
      "environment",
      "shape.wrong-value",
      '"prod" is not supported',
      'use one of ["development", "staging", "production"]',
    ],
  ],
  [
    "an unknown kind",
    small({ platform: { kind: "vmware" } }),
    [
      "platform.kind",
      "shape.wrong-value",
      '"vmware" is not supported',
      'use one of ["docker", "aws", "metal", "memory"]',
    ],
  ],
  [
    "an upper-case name",
    small({ name: "Demo" }),
    ["name", "shape.wrong-value", `"Demo" ${label}`, 'write "demo"'],
  ],
  [
    "a name that is too long",
    small({ name: "a".repeat(25) }),
    [
      "name",
      "shape.out-of-range",
      `"${"a".repeat(25)}" is above the maximum of 24 characters`,
      "choose a value within the range",
    ],
  ],
  [
    "an unknown field",
    small({ replicas: 3 }),
    [
      "replicas",
      "shape.unknown-field",
      "there is no such field",
      "remove it, or look for the right name in docs/stacks.md",
    ],
  ],
  [
    "an unknown field deep inside",
    withPool({ standby: { warm: 1 } }),
    [
      "pools.web.standby.warm",
      "shape.unknown-field",
      "there is no such field",
      "remove it, or look for the right name in docs/stacks.md",
    ],
  ],
  [
    "a number below its minimum",
    withPool({ active: 0 }),
    [
      "pools.web.active",
      "shape.out-of-range",
      "0 is below the minimum of 1",
      "choose a value within the range",
    ],
  ],
  [
    "a number above its maximum",
    withBalancer({ count: 5 }),
    [
      "balancer.count",
      "shape.out-of-range",
      "5 is above the maximum of 4",
      "choose a value within the range",
    ],
  ],
  [
    "a text for a number",
    withPool({ active: "3" }),
    ["pools.web.active", "shape.wrong-type", '"3" is not a number', "give a number"],
  ],
  [
    "a fraction for a whole number",
    withPool({ active: 1.5 }),
    ["pools.web.active", "shape.wrong-type", "1.5 is not a whole number", "give a whole number"],
  ],
  [
    "a function",
    small({ protect: () => true }),
    ["protect", "shape.wrong-type", "a function is not a boolean", "give a boolean"],
  ],
  [
    "a time span without a unit",
    withPool({ stopGrace: 10 }),
    [
      "pools.web.stopGrace",
      "shape.wrong-type",
      '10 is not a time span from "0 s" to "10 min"',
      'write it with its unit, e.g. "10 s"',
    ],
  ],
  [
    "a time span beyond its bounds",
    withPool({ health: { interval: "2 min" } }),
    [
      "pools.web.health.interval",
      "shape.wrong-value",
      '"2 min" is not a time span from "50 ms" to "60 s"',
      docs,
    ],
  ],
  [
    "an amount in a unit that there isn't",
    withBalancer({ bodyLimit: "1 mb" }),
    [
      "balancer.bodyLimit",
      "shape.wrong-value",
      '"1 mb" is not an amount from "1 KB" to "10 GB"',
      'write "1 MB"',
    ],
  ],
  [
    "a network that is none",
    small({ network: { subnet: "10.0.0.0" } }),
    ["network.subnet", "shape.wrong-value", '"10.0.0.0" is not an IPv4 network such as 10.77.0.0/22', docs],
  ],
  [
    "a route that is no path",
    withRoutes({ path: "api" }),
    ["routes[0].path", "shape.wrong-value", `"api" ${urlPath}`, 'write "/api"'],
  ],
  [
    "a pool with a wrong name",
    small({ pools: { web: { active: 1 }, Web2: { active: 1 } } }),
    ["pools.Web2", "shape.wrong-name", `"Web2" ${label}`, "rename it"],
  ],
  [
    "a volume whose name could be part of a key",
    small({ accessories: { db: { image: { kind: "sample" }, volumes: { "a-b": { path: "/data" } } } } }),
    [
      "accessories.db.volumes.a-b",
      "shape.wrong-name",
      '"a-b" is not a name of lower-case letters and digits, without hyphens, that starts with a letter',
      "rename it",
    ],
  ],
  [
    "a variable with a wrong name",
    withPool({ environment: { "log-level": "info" } }),
    [
      "pools.web.environment.log-level",
      "shape.wrong-name",
      '"log-level" does not match /^[A-Za-z_][A-Za-z0-9_]*$/',
      "rename it",
    ],
  ],
  [
    "a variable that is neither text nor secret",
    withPool({ environment: { LEVEL: 3 } }),
    ["pools.web.environment.LEVEL", "shape.wrong-value", "3 is not supported", docs],
  ],
  [
    "a kind without what belongs to it",
    withPool({ image: { kind: "reference" } }),
    ["pools.web.image.reference", "shape.missing", "is missing", "give a string"],
  ],
  [
    "a hash of something that can't be hashed",
    withPool({ algorithm: { kind: "consistent-hash", key: "body" } }),
    ["pools.web.algorithm.key", "shape.wrong-value", '"body" is not supported', docs],
  ],
  [
    "an acknowledgement without a real reason",
    small({ acknowledge: [{ code: "pool.no-cover", reason: "ok" }] }),
    [
      "acknowledge[0].reason",
      "shape.out-of-range",
      '"ok" is below the minimum of 10 characters',
      "choose a value within the range",
    ],
  ],
];

test.each(cases)("%s is said in words", (_, stack, problem) => {
  expect(problemsOf(stack)).toEqual([problem]);
});

test("a long value is cut so that the problem stays on one line", () => {
  const [[, , message] = []] = problemsOf(small({ network: "x".repeat(100) }));
  expect(message).toBe(`"${"x".repeat(56)}… is not an object`);
});

describe("paths", () => {
  test.each([
    [[], ""],
    [["pools", "web", "active"], "pools.web.active"],
    [["routes", 1, "path"], "routes[1].path"],
    [["balancer", "listen", "tls", "certificate", "names", 0], "balancer.listen.tls.certificate.names[0]"],
  ])("%j is written as %j", (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});
