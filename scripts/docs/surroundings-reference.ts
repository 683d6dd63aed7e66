import { type Inherited, inherited } from "../../infra/surroundings/table.mjs";

/** The table of docs/surroundings.md. */
export function surroundingsReference(): string {
  const rows = inherited.map(({ names, reader, reason, ...row }) => {
    const shown = names.map((name) => `\`${name}\``).join(", ");
    return `| ${shown} | ${reader} | ${decisionOf(row)} | ${reason.replaceAll("|", "\\|")} |`;
  });
  return ["| variable | read by | what becomes of it | why |", "| --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

const decisionOf = ({ decision, reported }: Pick<Inherited, "decision" | "reported">): string =>
  `${decision === "passed" ? "passed on" : "overruled"}${reported ? ", reported" : ""}`;
