import type { Policy, Statement } from "../../../components/platform/aws/deployer/types.ts";

/** One question to IAM: may this be done to that? */
export interface Request {
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** Keys of conditions that AWS would fill in. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether policies allow a request, by IAM's evaluation logic; none of ours denies. @throws Error for a condition not known here */
export function allows(policies: readonly Policy[], request: Request): boolean {
  return policies.some(({ Statement: statements }) =>
    statements.some((statement) => applies(statement, request)),
  );
}

function applies({ Action, Resource, Condition = {} }: Statement, request: Request): boolean {
  const resources = typeof Resource === "string" ? [Resource] : Resource;
  return (
    Action.some((pattern) => like(pattern, request.action)) &&
    resources.some((pattern) => like(pattern, request.resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, request.context[key], wanted)),
    )
  );
}

function holds(operator: string, value: string | undefined, wanted: string | readonly string[]): boolean {
  const list = typeof wanted === "string" ? [wanted] : wanted;
  if (value === undefined) return false;
  if (operator === "StringEquals" || operator === "ForAllValues:StringEquals") return list.includes(value);
  // Both take patterns (IAM user guide, Condition operators).
  if (operator === "ArnLike" || operator === "ArnEquals") return list.some((pattern) => like(pattern, value));
  throw new Error(`nothing is known of the operator ${operator}`);
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}
