/**
 * What is wrong with a stack, as data. Every check of the kit reports problems in this one form, all of them at once, so
 * that a person fixes a stack in one round.
 */
export interface Problem {
  /** Stable identifier such as `pool.weight-unknown-node`; tests, docs and acknowledgements refer to it. */
  readonly code: string;
  /** Where in the stack, e.g. `pools.web.active`; empty for the stack as a whole. */
  readonly path: string;
  /** What is wrong, with the values and their units. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Something that works but that a careful person would want to know; can be acknowledged in the stack by its code. */
export type Warning = Problem;

/** One line: `path: what is wrong; what to do (code)`. */
export function formatProblem(problem: Problem): string {
  const where = problem.path === "" ? "stack" : problem.path;
  return `${where}: ${problem.message}; ${problem.hint} (${problem.code})`;
}

/** Thrown when a stack can't be used. Its message holds every problem, one a line. */
export class SpecError extends Error {
  readonly problems: readonly Problem[];

  constructor(what: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(`${what} has ${count}:\n${problems.map((problem) => `  ${formatProblem(problem)}`).join("\n")}`);
    this.name = "SpecError";
    this.problems = problems;
  }
}
