import type { Problem } from "../problem.ts";

/*
 * Where a stack puts directors in front of its balancers, rules see the balancers as `balancer`, as in any other stack, and a person has
 * written them as `balancer.behind`.
 */

/** A problem of the balancers behind, by the path that the stack has. */
export function behind({ path, message, hint, ...rest }: Problem): Problem {
  return {
    ...rest,
    path: path.replace(/^balancer(?![a-z-])/, "balancer.behind"),
    message: inText(message),
    hint: inText(hint),
  };
}

const inText = (text: string) => text.replace(/\bbalancer\.(?=[a-z])/g, "balancer.behind.");

/** The path of a field, as rules see it, of one that the stack has. */
export function asRulesSee(path: string): string {
  const inner = /^balancer\.behind(?=[.[]|$)/;
  return inner.test(path) ? path.replace(inner, "balancer") : path.replace(/^balancer(?=[.[])/, "directors");
}
