import { type Problem, SpecError } from "./problem.ts";
import { rules } from "./rules/index.ts";
import { stackSchema } from "./schema/stack.ts";
import { shapeProblems } from "./shape.ts";
import type { ClusterSpec, StackInput } from "./spec.ts";

/** Types a stack while it is written; returns it unchanged. Checks happen when it is loaded, by {@link checkStack}. */
export function defineStack<const T extends StackInput>(stack: T): T {
  return stack;
}

/** What came of a stack: a spec that can be planned, or all that is wrong with it. */
export type CheckedStack =
  | { readonly spec: ClusterSpec; readonly problems: readonly [] }
  | { readonly spec: null; readonly problems: readonly Problem[] };

/** Fills in the defaults and checks a stack: its shape first, then the rules across fields. */
export function checkStack(stack: unknown): CheckedStack {
  const parsed = stackSchema.safeParse(stack);
  if (!parsed.success) return { spec: null, problems: shapeProblems(parsed.error, stack) };
  const problems = rules.flatMap((rule) => rule(parsed.data));
  return problems.length === 0 ? { spec: parsed.data, problems: [] } : { spec: null, problems };
}

/**
 * The spec of a stack.
 *
 * @throws SpecError with every problem of the stack, when it has any.
 */
export function loadStack(name: string, stack: unknown): ClusterSpec {
  const checked = checkStack(stack);
  if (checked.spec === null) throw new SpecError(`stack "${name}"`, checked.problems);
  return checked.spec;
}
