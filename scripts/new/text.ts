import type { StackInput } from "../../components/model/spec.ts";

/** Columns of a line, as the formatter of this repository counts them. */
const lineWidth = 110;

/** The file of a stack, formatted as `./hotspare lint` wants it. */
export function stackText(stack: StackInput, description: string): string {
  return `import { defineStack } from "../components/model/define.ts";

/** ${description} docs/stacks.md has every option. */
export default defineStack(${literal(stack, "", 0, true)});
`;
}

/** A value as TypeScript: on one line where it fits, the outermost always over several. */
function literal(value: unknown, indent: string, before: number, open = false): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const flat = Array.isArray(value)
    ? `[${value.map((item) => literal(item, "", 0)).join(", ")}]`
    : `{ ${entries(value, "", (name) => `${name}: `).join(", ")} }`;
  if (!open && !flat.includes("\n") && indent.length + before + flat.length < lineWidth) return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${literal(item, inner, 0)}`)
    : entries(value, inner, (name) => `${inner}${name}: `);
  const [start, end] = Array.isArray(value) ? "[]" : "{}";
  return `${start}\n${lines.map((line) => `${line},\n`).join("")}${indent}${end}`;
}

function entries(value: object, indent: string, label: (name: string) => string): string[] {
  return Object.entries(value).map(([name, item]) => {
    const key = propertyName(name);
    return `${label(key)}${literal(item, indent, key.length + 2)}`;
  });
}

/** A name as a key: in quotes only where it needs them. */
export const propertyName = (name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
