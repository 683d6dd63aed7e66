import type { z } from "zod";
import { amountMeant, fieldMeant, wordMeant } from "./meant.ts";
import type { Problem } from "./problem.ts";

type Issue = z.core.$ZodIssue;

const seeDocs = "see the field in docs/stacks.md";

/** The schema library's findings as problems: with the value that stands there and what may stand there instead. */
export function shapeProblems(error: z.ZodError, stack: unknown): Problem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, stack));
}

function problemsOf(issue: Issue, stack: unknown): Problem[] {
  const path = formatPath(issue.path);
  const value = show(valueAt(stack, issue.path));
  if (value === "undefined" && issue.code !== "unrecognized_keys") return [missing(issue, path)];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        code: "shape.unknown-field",
        path: formatPath([...issue.path, key]),
        message: "there is no such field",
        hint: unknownHint(issue.path, key),
      }));
    case "too_small":
    case "too_big":
      return [
        {
          code: "shape.out-of-range",
          path,
          message: outOfRange(issue, value),
          hint: "choose a value within the range",
        },
      ];
    case "invalid_type":
      return [wrongType(issue, path, value, valueAt(stack, issue.path))];
    case "invalid_value":
      return [
        {
          code: "shape.wrong-value",
          path,
          message: `${value} is not supported`,
          hint: `use one of [${issue.values.map((option) => JSON.stringify(option)).join(", ")}]`,
        },
      ];
    case "invalid_format":
      return [
        {
          code: "shape.wrong-value",
          path,
          message: wrongFormat(issue, value),
          hint: meantHint(issue.message, valueAt(stack, issue.path)),
        },
      ];
    case "invalid_union":
      return unionProblems(issue, path, value, stack);
    case "invalid_key":
      return [
        {
          code: "shape.wrong-name",
          path,
          message: wrongKey(issue),
          hint: "rename it",
        },
      ];
    default:
      return [{ code: "shape.wrong-value", path, message: issue.message, hint: seeDocs }];
  }
}

function missing(issue: Issue, path: string): Problem {
  const hint =
    issue.code === "invalid_type"
      ? `give ${article(issue.expected)}`
      : issue.code === "invalid_value"
        ? `give one of [${issue.values.map((option) => JSON.stringify(option)).join(", ")}]`
        : seeDocs;
  return { code: "shape.missing", path, message: "is missing", hint };
}

function unknownHint(path: readonly PropertyKey[], key: string): string {
  const meant = fieldMeant(path, key);
  return meant === null
    ? "remove it, or look for the right name in docs/stacks.md"
    : `write ${JSON.stringify(meant)}, if you meant that`;
}

/** How what was meant is written, where that can be told; else where to look. @param message the schema's sentence about it */
function meantHint(message: string, value: unknown): string {
  const [, what] = / is not an? (time span|amount) from /.exec(message) ?? [];
  if (what !== undefined && /^\d+$/.test(String(value)))
    return `write it with its unit, e.g. "${value} ${what === "amount" ? "MB" : "s"}"`;
  const meant =
    what === "time span" || what === "amount" ? amountMeant(value, what) : wordMeant(message, value);
  return meant === null ? seeDocs : `write ${JSON.stringify(meant)}`;
}

function wrongType(
  issue: Extract<Issue, { code: "invalid_type" }>,
  path: string,
  value: string,
  raw: unknown,
): Problem {
  // The schema's own words say more, e.g. which time spans are meant.
  if (!issue.message.startsWith("Invalid input"))
    return { code: "shape.wrong-type", path, message: issue.message, hint: meantHint(issue.message, raw) };
  return {
    code: "shape.wrong-type",
    path,
    message: `${value} is not ${article(issue.expected)}`,
    hint: `give ${article(issue.expected)}`,
  };
}

function unionProblems(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: string,
  value: string,
  stack: unknown,
): Problem[] {
  // A known `kind` with something wrong inside reports what is inside; the alternatives are noise then.
  const [only, ...others] = issue.errors.filter((branch) => branch.length > 0);
  if (only !== undefined && others.length === 0) {
    return only.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, stack));
  }
  const options =
    "options" in issue && Array.isArray(issue.options)
      ? issue.options.map((option) => JSON.stringify(option))
      : [];
  const allowed = options.length > 0 ? `use one of [${options.join(", ")}]` : seeDocs;
  return [{ code: "shape.wrong-value", path, message: `${value} is not supported`, hint: allowed }];
}

/** Formats that have a name; the schema's own errors of the others say what is meant and quote the value. */
const formats: Readonly<Record<string, string>> = {
  cidrv4: "an IPv4 network such as 10.77.0.0/22",
  ipv4: "an IPv4 address",
};

function wrongFormat(issue: Extract<Issue, { code: "invalid_format" }>, value: string): string {
  const name = formats[issue.format];
  if (name !== undefined) return `${value} is not ${name}`;
  return issue.message.startsWith("Invalid string")
    ? `${value} does not match ${issue.pattern ?? "its pattern"}`
    : issue.message;
}

function wrongKey(issue: Extract<Issue, { code: "invalid_key" }>): string {
  const [inner] = issue.issues;
  return inner?.code === "invalid_format"
    ? wrongFormat(inner, show(issue.path.at(-1)))
    : (inner?.message ?? issue.message);
}

function outOfRange(issue: Extract<Issue, { code: "too_small" | "too_big" }>, value: string): string {
  const unit = issue.origin === "string" ? " characters" : issue.origin === "array" ? " entries" : "";
  return issue.code === "too_small"
    ? `${value} is below the minimum of ${issue.minimum}${unit}`
    : `${value} is above the maximum of ${issue.maximum}${unit}`;
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    int: "a whole number",
    record: "an object with names",
    array: "a list",
  };
  return names[type] ?? (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
}

/** `pools.web.standby.hot`, `routes[1].path`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? String(step) : `${text}.${String(step)}`,
    "",
  );
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step],
    root,
  );
}

/** The value as the person wrote it, short enough for one line. */
function show(value: unknown): string {
  const text = typeof value === "function" ? "a function" : (JSON.stringify(value) ?? "undefined");
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
