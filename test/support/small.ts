import { checkStack } from "../../components/model/define.ts";

/** The smallest stack that is right, with some of its top-level fields replaced. */
export function small(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    name: "demo",
    environment: "development",
    platform: { kind: "docker" },
    pools: { web: { active: 2 } },
    ...fields,
  };
}

/** A small stack whose one pool has these fields. */
export const withPool = (fields: object) => small({ pools: { web: { active: 2, ...fields } } });

/** A small stack whose balancer has these fields. */
export const withBalancer = (fields: object, others: object = {}) =>
  small({ balancer: { kind: "nginx", ...fields }, ...others });

/** A small stack with these routes; each leads to the pool `web` unless it says otherwise. */
export const withRoutes = (...routes: object[]) =>
  small({ routes: routes.map((route) => ({ pool: "web", ...route })) });

/** Path, code, message and hint of every problem, as lists that are short to compare. */
export function problemsOf(stack: unknown): string[][] {
  return checkStack(stack).problems.map(({ path, code, message, hint }) => [path, code, message, hint]);
}
