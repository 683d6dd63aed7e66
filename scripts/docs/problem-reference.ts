import { checkStack } from "../../components/model/define.ts";
import type { Problem } from "../../components/model/problem.ts";
import type { ClusterSpec } from "../../components/model/spec.ts";
import { plan } from "../../components/plan/plan.ts";
import type { PlanContext } from "../../components/plan/types.ts";
import { buildFolderProblems } from "../../infra/build-folders.ts";
import { readStackFiles } from "../../infra/stack-files.ts";
import { problemExamples } from "./problem-examples.ts";

/** An owner and images that exist nowhere: examples are planned, never made. */
function context({ pools }: ClusterSpec): PlanContext {
  const built = Object.keys(pools).map((name) => [`pool:${name}`, name] as const);
  return {
    owner: "00000000",
    images: {
      balancer: "balancer",
      node: "node",
      warden: "warden",
      filter: "filter",
      ...Object.fromEntries(built),
    },
  };
}

/** What is wrong with what a stack names in its project. */
const diskProblems = (spec: ClusterSpec) => [...buildFolderProblems(spec), ...readStackFiles(spec).problems];

/** What the kit says to an example: its problems, or for a stack without any the plan's warnings. */
export function findings(
  stack: unknown,
  folderProblems: (spec: ClusterSpec) => readonly Problem[] = diskProblems,
): { kind: "problem" | "warning"; found: readonly Problem[] } {
  const { spec, problems } = checkStack(stack);
  if (spec === null) return { kind: "problem", found: problems };
  const folders = folderProblems(spec);
  return folders.length > 0
    ? { kind: "problem", found: folders }
    : { kind: "warning", found: plan(spec, context(spec)).warnings };
}

/** Every code with what it looks like, as Markdown tables: first the problems, then the warnings. */
export function problemReference(): string {
  const rows = Object.entries(problemExamples).map(([code, stack]) => {
    const { kind, found } = findings(stack);
    const example = found.find((problem) => problem.code === code);
    if (example === undefined) throw new Error(`the example of ${code} does not have that problem`);
    const { path, message, hint } = example;
    return { kind, cells: `| \`${code}\` | \`${path}\` | ${cell(message)} | ${cell(hint)} |` };
  });
  const table = (kind: string) =>
    [
      "| code | example: where | what is wrong | what to do |",
      "| --- | --- | --- | --- |",
      ...rows.filter((row) => row.kind === kind).map(({ cells }) => cells),
    ].join("\n");
  return `### Problems\n\n${table("problem")}\n\n### Warnings\n\n${table("warning")}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
