import { riskRules } from "../../components/review/risks/index.ts";

/** Every rule of the review, as Markdown tables: by severity, the worst first, then by code. */
export function riskReference(): string {
  return (["danger", "warning", "notice"] as const)
    .map((severity) => {
      const rows = riskRules
        .filter((rule) => rule.severity === severity)
        .map(({ code, when, hint }) => `| \`${code}\` | ${when} | ${hint} |`)
        .sort();
      return [
        `### Severity \`${severity}\``,
        "",
        "| code | when | what to do |",
        "| --- | --- | --- |",
        ...rows,
      ].join("\n");
    })
    .join("\n\n");
}
