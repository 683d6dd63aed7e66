import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { exampleFolder, withGenerated } from "../../../scripts/docs/generated.ts";
import { problemExamples } from "../../../scripts/docs/problem-examples.ts";
import { findings } from "../../../scripts/docs/problem-reference.ts";
import { documents, root } from "./documents.ts";

describe("generated parts of the documents", () => {
  const generated = documents().filter(({ text }) => text.includes("<!-- generated: "));

  it.each(generated)("$path is what the code says (UPDATE_DOCS=1 writes it)", ({ path, text }) => {
    const fresh = withGenerated(text);
    if (process.env.UPDATE_DOCS) writeFileSync(join(root, path), fresh);
    else expect(text).toBe(fresh);
  });

  it("refuses a marker that names nothing", () => {
    expect(() => withGenerated("<!-- generated: nonsense -->\n\n<!-- end -->")).toThrow('marker "nonsense"');
  });
});

describe("problem codes", () => {
  it("has an example of every code in components/ and infra/, and of no other; risks have their own page", () => {
    const codes = ["components", "infra"]
      .flatMap(sourceFiles)
      .flatMap((path) =>
        [...readFileSync(join(root, path), "utf8").matchAll(/\bcode: "(?!risk\.)([a-z]+\.[a-z-]+)"/g)].map(
          ([, code]) => code,
        ),
      );
    expect(Object.keys(problemExamples).sort()).toEqual([...new Set(codes)].sort());
  });

  it.each(Object.entries(problemExamples))("%s is all that is wrong with its example", (code, stack) => {
    expect(findings(stack).found.map((problem) => problem.code)).toEqual([code]);
  });
});

describe("examples of stacks", () => {
  const names = readdirSync(exampleFolder).filter((name) => name.endsWith(".ts"));

  it.each(names)("%s has no problem and no warning", async (name) => {
    const { default: stack } = (await import(join(exampleFolder, name))) as { default: unknown };
    expect(() => loadStack(name, stack)).not.toThrow();
    // Folders that they build from are the reader's.
    expect(findings(stack, () => [])).toEqual({ kind: "warning", found: [] });
  });

  it("are all shown in a document", () => {
    const text = documents()
      .map((document) => document.text)
      .join("");
    for (const name of names)
      expect(text).toContain(`<!-- generated: example:${name.replace(/\.ts$/, "")} -->`);
  });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}
