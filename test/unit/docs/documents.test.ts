import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../../../scripts/exit.ts";
import { anchors, documents, root } from "./documents.ts";

const all = documents();

/** npm's own commands that need no `run`. */
const shortForms = ["test"];

describe("links", () => {
  it.each(all)("of $path lead somewhere", ({ path, prose }) => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const broken = links.filter((link) => !/^[a-z]+:/.test(link) && !resolves(path, link));
    expect(broken).toEqual([]);
  });
});

function resolves(from: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? from : join(dirname(from), file);
  if (!existsSync(join(root, target))) return false;
  if (anchor === undefined) return true;
  return anchors(all.find(({ path }) => path === target)?.prose ?? "").has(anchor);
}

describe("commands", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Readonly<Record<string, string>>;
  };

  it.each(all)("of $path are scripts of package.json", ({ text }) => {
    const runs = [...text.matchAll(/npm run (?:-s |--silent )?([a-z][a-z-]*)/g)].map(([, name = ""]) => name);
    const short = shortForms.filter((name) => text.includes(`npm ${name}`));
    expect([...runs, ...short].filter((name) => !(name in scripts))).toEqual([]);
  });

  it("are all in the README", () => {
    const readme = all.find(({ path }) => path === "README.md")?.text ?? "";
    const missing = Object.keys(scripts).filter(
      (name) =>
        !readme.includes(`npm run ${name}`) && !(shortForms.includes(name) && readme.includes(`npm ${name}`)),
    );
    expect(missing).toEqual([]);
  });

  it("end with the exit codes that the README lists", () => {
    const readme = all.find(({ path }) => path === "README.md")?.text ?? "";
    const listed = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCodes));
  });
});

describe("files and folders in code", () => {
  const places = /`((?:components|infra|scripts|stacks|test|docs)\/[A-Za-z0-9_./-]*)`/g;

  it.each(all)("that $path names are there", ({ text }) => {
    const named = [...text.matchAll(places)].map(([, path = ""]) => path);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe("dependencies", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Readonly<Record<string, string>>;
    devDependencies: Readonly<Record<string, string>>;
  };

  it("are all explained in docs/architecture.md, and nothing else is", () => {
    const text = all.find(({ path }) => path === "docs/architecture.md")?.text ?? "";
    const table = /^## Dependencies\n([\s\S]*?)^## /m.exec(text)?.[1] ?? "";
    const explained = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    const used = Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !name.startsWith("@types/"),
    );
    expect(explained.sort()).toEqual(used.sort());
  });
});

describe("pictures", () => {
  it.each(all)("of $path are flowcharts or sequences that are closed", ({ text }) => {
    for (const [, picture = ""] of text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)) {
      expect(picture).toMatch(/^(flowchart (LR|TB|TD)|sequenceDiagram|stateDiagram-v2)\n/);
      const opened = picture.match(/^\s*(subgraph|alt|opt|loop|par|critical|break|rect) /gm)?.length ?? 0;
      const closed = picture.match(/^\s*end$/gm)?.length ?? 0;
      expect(closed).toBe(opened);
    }
  });
});
