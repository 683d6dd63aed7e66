import { loadStack } from "../../../components/model/define.ts";
import { plan } from "../../../components/plan/plan.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { contextFor } from "../plan-any.ts";

/* Stacks on servers, for tests. */

export const hostKey = (number: number) => `ssh-ed25519 AAAA${number}`;

/** The nth server: 192.0.2.<10 + n>. */
export const server = (number: number, options: object = {}) => ({
  ssh: { host: `192.0.2.${10 + number}`, user: "admin", hostKey: hostKey(number) },
  address: `192.0.2.${10 + number}`,
  ...options,
});

/** Servers s1 … sN; where each stands. */
export const servers = (places: readonly object[]) =>
  Object.fromEntries(places.map((place, index) => [`s${index + 1}`, server(index + 1, place)]));

/** A stack on three servers: a pair in front of three nodes. */
export const metalStack = (platform: object = {}, others: object = {}) => ({
  name: "shop",
  environment: "development" as const,
  platform: { kind: "metal" as const, servers: servers([{}, {}, {}]), ...platform },
  network: { subnet: "192.0.2.0/24", virtualAddress: "192.0.2.10" },
  pools: { web: { active: 3 } },
  ...others,
});

/** Its plan. @param placed where machines stand already */
export function metalPlan(
  platform: object = {},
  others: object = {},
  placed: Readonly<Record<string, string>> = {},
): ClusterPlan {
  const stack = metalStack(platform, others);
  return plan(loadStack("test", stack), { ...contextFor(stack), placed });
}
