import { plainData } from "./data.ts";
import { byId, identified } from "./identity.ts";
import { type Problem, SpecError } from "./problem.ts";
import { repairStack } from "./repair.ts";
import { asRulesSee } from "./rules/behind.ts";
import { checkRules } from "./rules/index.ts";
import { stackSchema } from "./schema/stack.ts";
import { shapeProblems } from "./shape.ts";
import type { ClusterSpec, StackInput } from "./spec.ts";
import { withUnknowns } from "./unknown.ts";

/** Types a stack while it is written; returns it unchanged. Checks happen when it is loaded, by {@link checkStack}. */
export function defineStack<const T extends StackInput>(stack: T): T {
  return stack;
}

/** What came of a stack: a spec that can be planned, or all that is wrong with it. */
export type CheckedStack =
  | { readonly spec: ClusterSpec; readonly problems: readonly [] }
  | { readonly spec: null; readonly problems: readonly Problem[] };

/** Fills in the defaults and checks a stack: its shape, and the rules across fields as far as the shape is right. */
export function checkStack(stack: unknown): CheckedStack {
  const { data, problems: strange } = plainData(stack);
  const parsed = stackSchema.safeParse(data);
  if (!parsed.success || strange.length > 0) {
    const apart = ({ path }: Problem) => !strange.some((problem) => related(problem.path, path));
    const misshapen = parsed.success ? [] : shapeProblems(parsed.error, data).filter(apart);
    const shape = [...strange, ...misshapen];
    const repaired = parsed.success
      ? { spec: parsed.data, wrong: new Set<string>() }
      : repairStack(data, parsed.error);
    if (repaired === null) return { spec: null, problems: shape };
    const spec = identified(repaired.spec);
    const paths = [...repaired.wrong, ...strange.map(({ path }) => path)];
    const wrong = new Set(spec.directors === null ? paths : paths.map(asRulesSee));
    const others = checkRules(withUnknowns(spec, wrong)).filter(
      ({ path }) => !shape.some((problem) => related(problem.path, path)),
    );
    return { spec: null, problems: [...shape, ...others] };
  }
  const spec = identified(parsed.data);
  const problems = checkRules(spec);
  return problems.length === 0 ? { spec: byId(spec), problems: [] } : { spec: null, problems };
}

/** Whether one of two paths is the other one or lies below it. */
function related(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long === short || (long.startsWith(short) && /^[.[]/.test(long.slice(short.length)));
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
