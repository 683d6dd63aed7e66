import fc from "fast-check";
import { expect, test } from "vitest";
import { checkStack } from "../../../components/model/define.ts";
import { randomStack } from "../../support/random-stacks.ts";

/** Options that all random stacks have alike, each with its reason. */
const alike = {
  "platform.kind": "what is rendered for others has tests of its own",
  "balancer.kind": "the same",
  directors: "what is rendered for balancers behind them has tests of its own",
  "network.virtualAddress": "on Docker it is the layout's own",
  "acknowledge[].code": "accepted or not is what counts",
  "acknowledge[].reason": "the same",
  "pools.*.afterRelease": "run by the engine, and rendered for no machine",
  "pools.*.beforeRelease": "the same",
  "pools.*.environmentFiles": "files of a project, which random stacks have none of",
  "balancer.listen.tls.certificate.certificate.secret": "a name, and what it names is never rendered",
  "balancer.listen.tls.certificate.key.secret": "the same",
};

/** What people name themselves: one value each. */
const named = /^pools\.\*\.(health\.headers|environment|weights|tmpfs|ulimits)$/;

/** Values of a checked stack by their paths; places in lists and names of pools are left out. */
function leaves(value: unknown, path = ""): [path: string, value: unknown][] {
  if (Array.isArray(value)) {
    return [[path, value.length], ...value.flatMap((inner) => leaves(inner, `${path}[]`))];
  }
  if (typeof value !== "object" || value === null || named.test(path)) return [[path, value]];
  const below = Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, path === "pools" ? "pools.*" : path === "" ? key : `${path}.${key}`),
  );
  // There at all, where it may be null.
  return [[path, "object"], ...below];
}

test("random stacks vary every option that a stack has", () => {
  const seen = new Map<string, Set<string>>();
  for (const stack of fc.sample(randomStack, { numRuns: 400, seed: 7 })) {
    for (const [path, value] of leaves(checkStack(stack).spec)) {
      const values = seen.get(path) ?? new Set();
      seen.set(path, values.add(JSON.stringify(value) ?? "nothing"));
    }
  }
  const constant = [...seen].filter(([, values]) => values.size === 1 && !values.has('"object"'));
  expect(constant.map(([path]) => path).sort()).toEqual(Object.keys(alike).sort());
});
