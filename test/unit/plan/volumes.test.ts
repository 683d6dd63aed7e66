import fc from "fast-check";
import { expect, test } from "vitest";
import { checkStack } from "../../../components/model/define.ts";
import { planAny } from "../../support/plan-any.ts";
import { small } from "../../support/small.ts";

/** Names of which one may be another's beginning or end, and those that keys are made with. */
const words = (most: number) =>
  fc
    .array(fc.constantFrom("a", "b", "all"), { minLength: 1, maxLength: most })
    .map((words) => words.join("-"));
const name = words(3);
/** Most without a hyphen: with one the stack is refused. */
const volumes = fc
  .array(fc.oneof({ weight: 9, arbitrary: words(1) }, { weight: 2, arbitrary: words(2) }), { maxLength: 2 })
  .map((names) =>
    Object.fromEntries(names.map((name) => [name, { path: `/${name}`, shared: name.length > 1 }])),
  );
const pools = fc.dictionary(name, fc.record({ active: fc.constant(2), volumes }), { minKeys: 1, maxKeys: 3 });
const accessories = fc.dictionary(name, fc.record({ image: fc.constant({ kind: "sample" }), volumes }), {
  maxKeys: 3,
});

test("no two machines have a volume in common, but for the nodes of a pool that shares it", () => {
  let accepted = 0;
  fc.assert(
    fc.property(pools, accessories, (pools, accessories) => {
      const routes = Object.keys(pools).map((pool, index) => ({
        path: index === 0 ? "/" : `/${pool}/`,
        pool,
      }));
      const stack = { ...small(), pools, accessories, routes };
      if (checkStack(stack).problems.length > 0) return;
      accepted++;
      const planned = planAny(stack);
      const owners = new Map<string, Set<string>>();
      const note = (volume: string, owner: string) =>
        owners.set(volume, (owners.get(volume) ?? new Set()).add(owner));
      for (const { key, pool, volumes = {} } of planned.nodes)
        for (const [short, { volume }] of Object.entries(volumes))
          note(volume, pools[pool]?.volumes[short]?.shared ? `all of ${pool}` : key);
      for (const { key, volumes = {} } of planned.accessories ?? [])
        for (const { volume } of Object.values(volumes)) note(volume, key);
      for (const [volume, { size }] of owners) expect([volume, size]).toEqual([volume, 1]);
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(50);
});
