import { describe, expect, test } from "vitest";
import { amountMeant, fieldMeant } from "../../../components/model/meant.ts";
import { problemsOf, withPool } from "../../support/small.ts";

describe("a field that isn't there", () => {
  test.each([
    [["pools", "web"], "standbys", "standby"],
    [["pools", "web"], "env", "environment"],
    [["pools", "web"], "replicas", "active"],
    [["pools", "web"], "cold", "standby.cold"],
    [["pools", "web", "health"], "pth", "path"],
    [["routes", 0], "pools", "pool"],
    [["balancer", "listen", "tls"], "redirects", "redirect"],
    [[], "rollouts", "rollout"],
    // Of another kind, or in another place.
    [[], "mem_limit", null],
    [["pools", "web"], "colour", null],
    [["no", "such", "place"], "path", null],
  ] as const)("at %j: %s probably is %s", (path, key, field) => {
    expect(fieldMeant(path, key)).toBe(field);
  });
});

describe("an amount in other words", () => {
  test.each([
    ["5s", "time span", "5 s"],
    ["1.5 sec", "time span", "1.5 s"],
    ["2m", "time span", "2 min"],
    ["128m", "amount", "128 MB"],
    ["1GiB", "amount", "1 GB"],
    ["5 s", "time span", null],
    ["5 parsecs", "time span", null],
    ["s", "time span", null],
    [5, "time span", null],
  ] as const)("%j as a %s probably is %j", (value, what, meant) => {
    expect(amountMeant(value, what)).toBe(meant);
  });
});

test("both are in the problem's hint", () => {
  expect(problemsOf(withPool({ standbys: {}, stopGrace: "5s" }))).toEqual([
    [
      "pools.web.stopGrace",
      "shape.wrong-value",
      '"5s" is not a time span from "0 s" to "10 min"',
      'write "5 s"',
    ],
    [
      "pools.web.standbys",
      "shape.unknown-field",
      "there is no such field",
      'write "standby", if you meant that',
    ],
  ]);
});
