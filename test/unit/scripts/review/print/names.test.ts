import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compact } from "../../../../../scripts/review/print/names.ts";
import { expandBraces } from "../../../../support/braces.ts";

const numbered = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`);

describe("many names in little space", () => {
  it.each([
    ["one", ["web-1"], ["web-1"]],
    ["two", ["web-2", "web-1"], ["web-{1,2}"]],
    ["a range", numbered("web-", 1, 2000), ["web-{1..2000}"]],
    [
      "ranges with holes",
      [...numbered("web-", 1, 9), ...numbered("web-", 12, 15)],
      ["web-{{1..9},{12..15}}"],
    ],
    ["leading zeros", ["n01", "n02", "n03", "n1"], ["n1", "n{01..03}"]],
    [
      "ranges on both levels",
      numbered("rack", 1, 3).flatMap((rack) => numbered(`${rack}-disk`, 0, 4)),
      ["rack{1..3}-disk{0..4}"],
    ],
    ["one that begins another", ["web", "web-data"], ["web", "web-data"]],
    ["what shares nothing", ["api", "web"], ["api", "web"]],
    ["what a shell would read", ["a b", "$x", "{c,d}", "e\\f"], ["\\$x", "a\\ b", "e\\\\f", "\\{c\\,d\\}"]],
    ["none", [], []],
  ])("%s", (_, names, expressions) => {
    expect(compact(names)).toEqual(expressions);
  });

  it("takes words apart for letters only when told to", () => {
    const names = ["alpha-x", "alpha-y", "alps-x"];
    expect(compact(names, "letters").join(" ").length).toBeLessThan(compact(names).join(" ").length);
  });
});

const name = fc.oneof(
  fc
    .tuple(fc.constantFrom("web-", "api", "rack1-disk", ""), fc.nat(30))
    .map(([prefix, n]) => `${prefix}${n}`),
  fc.tuple(fc.constantFrom("n", "n0", "00"), fc.nat(12)).map(([prefix, n]) => `${prefix}${n}`),
  fc.stringMatching(/^[a-c{},\\$.~ '"*?[\]0-9é-]{1,8}$/),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
);
const names = fc.uniqueArray(name, { maxLength: 60 });

describe.each(["words", "letters"] as const)("by %s", (grain) => {
  it("loses no name and adds none", () => {
    fc.assert(
      fc.property(names, (all) => {
        const expanded = compact(all, grain).flatMap(expandBraces);
        expect(expanded.sort()).toEqual([...all].sort());
      }),
      { numRuns: 500 },
    );
  });

  it("is what a real bash expands to the same names", () => {
    const printable = names.map((all) => all.filter((one) => !/[\p{C}\s]/u.test(one)));
    const samples = fc.sample(printable, { numRuns: 150, seed: 7 }).filter(({ length }) => length > 0);
    const script = samples.map((all) => `printf '%s\\n' ${compact(all, grain).join(" ")}; echo; `).join("\n");
    const output = execFileSync("bash", ["-c", `set -f; ${script}`], {
      encoding: "utf8",
      env: { LC_ALL: "C.UTF-8", HOME: "/home" },
    });
    const expanded = output
      .trimEnd()
      .split("\n\n")
      .map((lines) => lines.split("\n").sort());
    expect(expanded).toEqual(samples.map((all) => [...all].sort()));
  });

  it("doesn't depend on the order of what comes in", () => {
    fc.assert(
      fc.property(names, (all) => {
        expect(compact([...all].reverse(), grain)).toEqual(compact(all, grain));
      }),
    );
  });

  it("is never longer than the names with a space between, quoted", () => {
    fc.assert(
      fc.property(names, (all) => {
        const plain = all.flatMap((one) => compact([one], grain)).join(" ");
        expect(compact(all, grain).join(" ").length).toBeLessThanOrEqual(plain.length);
      }),
      { numRuns: 300 },
    );
  });
});
