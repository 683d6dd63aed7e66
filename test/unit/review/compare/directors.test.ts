import { expect, test } from "vitest";
import type { StackInput } from "../../../../components/model/spec.ts";
import { dev, told } from "./told.ts";

/* Changes of directors in front of balancers, each as a review tells it. */

type Layered = Extract<NonNullable<StackInput["balancer"]>, { kind: "lvs" }>;

const layers = (fields: Partial<Layered> = {}, behind: object = {}) =>
  dev({ balancer: { kind: "lvs", behind: { kind: "nginx", ...behind }, ...fields } as Layered });
const steps = (text: string) => text.split("\n").filter((line) => /^(directors|tier|>)/.test(line));

test("directors come in front of a pair", () => {
  const text = told(dev(), layers({}, { count: 2 }));
  expect(steps(text)).toEqual(
    expect.arrayContaining([
      "directors: no → 2 directors, all balancers serve",
      "> the balancers let the virtual address go, and director-1 and director-2 take it: nobody answers in between, and open connections end [lost ?, takes ?]",
    ]),
  );
  expect(text).toContain("- director-1 added");
});

test("directors go, and a pair is left", () => {
  expect(steps(told(layers({}, { count: 2 }), dev()))).toEqual(
    expect.arrayContaining([
      "directors: 2 → no directors, one balancer has the address again, the others stand by",
      "> director-1 and director-2 go, and one balancer takes the virtual address: nobody answers in between, and open connections end [lost ?, takes ?]",
    ]),
  );
});

test("a balancer more behind them", () => {
  expect(steps(told(layers({}, { count: 2 }), layers({}, { count: 3 })))).toEqual(
    expect.arrayContaining([
      "> director-1 and director-2: the table of IPVS changes in place; open connections stay at their nodes [lost 0, takes ?]",
    ]),
  );
});

test("other directors, one at a time", () => {
  const text = told(layers(), layers({ cpus: 2 }));
  expect(text).toContain("- director-1 replaced delete-first (cpus 1 → 2)");
  expect(steps(text)).toEqual([
    "directors: cpus 1 → 2",
    "> director-1 and director-2: removed and made again, one after the other; open connections go on by the other, where the address moves [lost 0, takes ?]",
  ]);
});

test("other balancers behind them leave before they go", () => {
  expect(steps(told(layers(), layers({}, { cpus: 2 })))).toEqual(
    expect.arrayContaining([
      "> lb-1, lb-2 and lb-3 are removed and made again, one after the other: each first tells the directors, which send nothing new to it, and ends what is under way [lost 0, takes ?]",
    ]),
  );
});
