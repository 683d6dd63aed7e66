import { readFileSync } from "node:fs";
import { join } from "node:path";
import { problemReference } from "./problem-reference.ts";
import { riskReference } from "./risk-reference.ts";
import { stackReference } from "./stack-reference.ts";
import { surroundingsReference } from "./surroundings-reference.ts";

/** Folder of the stacks that the documents show. They are type-checked, and a test loads and plans them. */
export const exampleFolder = join(import.meta.dirname, "../../test/fixtures/stacks");

const marked = /(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** A document with every generated part replaced; what stands outside the markers stays. */
export function withGenerated(markdown: string): string {
  return markdown.replace(marked, (_, begin: string, what: string, end: string) => {
    return `${begin}\n${part(what)}\n\n${end}`;
  });
}

/** @throws Error for a marker that names nothing. */
function part(what: string): string {
  if (what === "options") return stackReference();
  if (what === "problems") return problemReference();
  if (what === "risks") return riskReference();
  if (what === "surroundings") return surroundingsReference();
  const example = /^example:([a-z-]+)$/.exec(what)?.[1];
  if (example !== undefined) return exampleStack(example);
  throw new Error(`there is nothing to generate for the marker "${what}"`);
}

/** The file as a person would write it in stacks/. */
function exampleStack(name: string): string {
  const text = readFileSync(join(exampleFolder, `${name}.ts`), "utf8");
  return `\`\`\`ts\n${text.replaceAll('"../../../components/', '"../components/').trimEnd()}\n\`\`\``;
}
