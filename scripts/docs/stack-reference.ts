import { z } from "zod";
import { stackSchema } from "../../components/model/schema/stack.ts";
import { optionRow, optionTable, type SchemaNode } from "./schema-node.ts";

/** A section of the reference: one part of a stack, each kind of it with a table of its own. */
interface Section {
  readonly title: string;
  readonly path: string;
  readonly node: SchemaNode;
}

/** Every option of a stack as Markdown tables, from the schema itself. Pure; the same schema gives the same text. */
export function stackReference(): string {
  const stack = z.toJSONSchema(stackSchema, { io: "input" }) as SchemaNode;
  const fields = stack.properties ?? {};
  const overview = Object.entries(fields).map(([name, field]) =>
    optionRow(name, field, stack.required?.includes(name) ?? false),
  );
  return ["### The stack", "", table(overview), "", ...sections(fields).flatMap(section)].join("\n").trim();
}

/** The parts that have options of their own. */
function sections(fields: Readonly<Record<string, SchemaNode>>): Section[] {
  return Object.entries(fields).flatMap(([name, field]): Section[] => {
    if (field.items?.properties !== undefined)
      return [{ title: `\`${name}\`, each`, path: `${name}[]`, node: field.items }];
    if (typeof field.additionalProperties === "object" && field.additionalProperties.oneOf !== undefined)
      return ofKinds(`${name}.<name>`, field.additionalProperties.oneOf);
    if (typeof field.additionalProperties === "object")
      return [
        { title: `\`${name}\`, each by its name`, path: `${name}.<name>`, node: field.additionalProperties },
      ];
    if (field.oneOf !== undefined) return ofKinds(name, field.oneOf);
    return field.properties === undefined ? [] : [{ title: `\`${name}\``, path: name, node: field }];
  });
}

function ofKinds(path: string, kinds: readonly SchemaNode[]): Section[] {
  return kinds.map((node) => ({
    title: `\`${path}\` of kind \`${node.properties?.kind?.const}\``,
    path,
    node,
  }));
}

function section({ title, path, node }: Section): string[] {
  const words = node.description === undefined ? [] : [node.description, ""];
  const rows = optionTable(path, node);
  return [`### ${title}`, "", ...words, rows.length === 0 ? "It has no options." : table(rows), ""];
}

function table(rows: readonly (readonly string[])[]): string {
  const head = ["option", "value", "default", "meaning"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
