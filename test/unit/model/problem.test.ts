import { expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { formatProblem, SpecError } from "../../../components/model/problem.ts";

const problem = { code: "a.b", path: "pools.web", message: "3 is more than 2", hint: "use 2" };

test("a problem is one line: place, what is wrong, what to do, code", () => {
  expect(formatProblem(problem)).toBe("pools.web: 3 is more than 2; use 2 (a.b)");
});

test("a problem of the whole stack says so", () => {
  expect(formatProblem({ ...problem, path: "" })).toBe("stack: 3 is more than 2; use 2 (a.b)");
});

test("an error counts its problems and lists them one a line", () => {
  expect(new SpecError('stack "dev"', [problem]).message).toBe(
    'stack "dev" has 1 problem:\n  pools.web: 3 is more than 2; use 2 (a.b)',
  );
  expect(new SpecError('stack "dev"', [problem, { ...problem, path: "" }]).message).toBe(
    'stack "dev" has 2 problems:\n  pools.web: 3 is more than 2; use 2 (a.b)\n  stack: 3 is more than 2; use 2 (a.b)',
  );
});

test("loading a wrong stack throws all its problems as data too", () => {
  const load = () => loadStack("dev", 7);
  expect(load).toThrow(SpecError);
  expect(load).toThrow(
    'stack "dev" has 1 problem:\n  stack: 7 is not an object; give an object (shape.wrong-type)',
  );
});
