import fc from "fast-check";
import { formatPath } from "../../components/model/shape.ts";
import type { StackInput } from "../../components/model/spec.ts";
import { arbitraryStack } from "./specs.ts";

/** A stack that must be refused, and the path of the one field that is wrong in it. */
export interface Mutation {
  readonly stack: unknown;
  readonly path: string;
}

type Step = string | number;
const removed = Symbol("removed");

/** What breaks a field, whatever stands around it. `POOL` stands for the name of the first pool. */
const faults: readonly (readonly [path: readonly Step[], values: readonly unknown[]])[] = [
  [["name"], [removed, "", 7, "Upper", "end-", "1st", "a".repeat(25), null]],
  [["environment"], [removed, "prod", null]],
  [["platform"], [removed, "docker"]],
  [
    ["platform", "kind"],
    [removed, "vmware"],
  ],
  [
    ["network", "subnet"],
    ["10.0.0.1/23", "10.0.0.0/8", "10.0.0.0/24", "fe80::/64", "10.0.0.0", 10],
  ],
  [["balancer", "kind"], ["haproxy"]],
  [
    ["balancer", "count"],
    [0, 5, 1.5, "2", null],
  ],
  [
    ["balancer", "listen", "http"],
    [0, 65_536, 9180, "80"],
  ],
  [
    ["balancer", "failover", "advertise"],
    ["5 ms", "41 s", "100", "100ms", 100, "1e2 ms"],
  ],
  [
    ["balancer", "failover", "routerId"],
    [0, 256],
  ],
  [
    ["balancer", "bodyLimit"],
    ["0 KB", "11 GB", "1 mb", 1024],
  ],
  [
    ["balancer", "rateLimit", "perSecond"],
    [0, 100_001, 0.5],
  ],
  [
    ["balancer", "trustedProxies", 0],
    ["10.0.0.1", "everyone", "10.0.0.1/8"],
  ],
  [
    ["balancer", "cpus"],
    [0, 65, "1"],
  ],
  [
    ["balancer", "memory"],
    ["63 MB", "65 GB"],
  ],
  [
    ["pools", "POOL", "active"],
    [removed, 0, 10_001, 2.5, "3"],
  ],
  [
    ["pools", "POOL", "standby", "hot"],
    [-1, 101],
  ],
  [
    ["pools", "POOL", "standby", "cold"],
    [-1, 101],
  ],
  [
    ["pools", "POOL", "algorithm", "kind"],
    ["random", removed],
  ],
  [["pools", "POOL", "weights", "nobody-1"], [2]],
  [
    ["pools", "POOL", "health", "interval"],
    ["49 ms", "61 s", "often"],
  ],
  [
    ["pools", "POOL", "health", "path"],
    ["readyz", "/a b", "/;", ""],
  ],
  [["pools", "POOL", "environment", "PORT"], ["80"]],
  [["pools", "POOL", "environment", "HOTSPARE_NODE"], ["me"]],
  [["pools", "POOL", "environment", "LEVEL"], [3]],
  [["pools", "POOL", "image", "kind"], ["iso"]],
  [
    ["pools", "POOL", "port"],
    [0, 65_536],
  ],
  [
    ["pools", "POOL", "cpus"],
    [0, 65],
  ],
  [
    ["pools", "POOL", "memory"],
    ["15 MB", "many"],
  ],
  [
    ["pools", "POOL", "stopGrace"],
    ["11 min", "-1 s"],
  ],
  [
    ["routes", 0, "path"],
    [removed, "api", "/a b", '/"', "/{x}", "/%zz", "/%24", "/../x", `/${"a".repeat(200)}`],
  ],
  [
    ["routes", 0, "pool"],
    [removed, "nowhere", "toString"],
  ],
  [
    ["routes", 0, "tries"],
    [0, 11],
  ],
  [
    ["routes", 0, "readTimeout"],
    ["49 ms", "2 h"],
  ],
  [["routes", 0, "rateLimit", "burst"], [-1]],
  [["protect"], ["yes"]],
  [
    ["acknowledge", 0, "reason"],
    [removed, "because"],
  ],
  [["typo"], [1]],
  [["balancer", "typo"], [1]],
  [["pools", "POOL", "typo"], [1]],
  [["pools", "Upper"], [{ active: 1 }]],
  [["pools", "lb"], [{ active: 1 }]],
  [["routes", 0, "typo"], [1]],
];

/** Breaks one field of any stack that `arbitraryStack` makes. */
export type Fault = (stack: StackInput) => Mutation;

export function arbitraryFault(): fc.Arbitrary<Fault> {
  return fc
    .constantFrom(...faults)
    .chain(([path, values]) => fc.constantFrom(...values).map((value) => ({ path, value })))
    .map(({ path, value }) => (stack) => {
      const [pool = ""] = Object.keys(stack.pools);
      const steps = path.map((step) => (step === "POOL" ? pool : step));
      const whole = { balancer: { kind: "nginx" }, ...stack };
      return { stack: broken(whole, steps, value), path: formatPath(steps) };
    });
}

/** A stack that was valid until one field was broken. */
export function arbitraryMutation(): fc.Arbitrary<Mutation> {
  return fc.tuple(arbitraryStack(), arbitraryFault()).map(([stack, fault]) => fault(stack));
}

/** A copy of `value` with something else at `path`; what is missing on the way is made. */
function broken(value: unknown, [step, ...rest]: readonly Step[], replacement: unknown): unknown {
  if (step === undefined) return replacement;
  const copy: Record<Step, unknown> = Array.isArray(value)
    ? ([...value] as never)
    : typeof step === "number"
      ? ([] as never)
      : { ...((value as object | null | undefined) ?? {}) };
  if (rest.length === 0 && replacement === removed) delete copy[step];
  else copy[step] = broken(copy[step], rest, replacement);
  return copy;
}
