import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { verbs } from "../../../scripts/command-line.ts";
import { exitCodes, exitMeanings } from "../../../scripts/exit.ts";
import { anchors, documents, root } from "./documents.ts";

const all = documents();

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
  const readme = all.find(({ path }) => path === "README.md")?.text ?? "";

  it.each(all)("of $path are verbs", ({ text }) => {
    const called = [...text.matchAll(/\.\/hotspare ([a-z][a-z-]*)/g)].map(([, name = ""]) => name);
    expect(called.filter((name) => !(name in verbs))).toEqual([]);
  });

  it.each(all)("of $path are called by ./hotspare, which prints nothing of its own", ({ path, text }) => {
    // `npx` would run a stranger's package outside the project.
    expect(text).not.toMatch(/npx hotspare/);
    const byNpm = [...text.matchAll(/npm (?:run [a-z:]+|test)/g)].map(([call]) => call);
    // The two commands of the quick start, on both kinds of machine, and where the aliases are named.
    const known = path === "README.md" ? ["npm run up", "npm test"] : ["npm test"];
    expect(byNpm.filter((call) => !known.includes(call))).toEqual(
      path === "README.md" ? ["npm run plan"] : [],
    );
  });

  it("have npm scripts as aliases, and no script is more than that", () => {
    for (const [name, script] of Object.entries(scripts)) {
      const [, verb = ""] = /^node scripts\/launcher\.mjs ([a-z]+)/.exec(script) ?? [];
      expect(verbs, name).toHaveProperty(verb);
    }
  });

  it("are all in the README", () => {
    expect(Object.keys(verbs).filter((name) => !readme.includes(`| \`./hotspare ${name}\` |`))).toEqual([]);
  });

  it("start with two, and no third", () => {
    const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
    const starts = blocks.filter((block) => block.includes("git clone"));
    expect(starts).toHaveLength(2);
    for (const start of starts) expect(start).toMatch(/cd hotspare\nnpm run up\nnpm test\n$/);
  });

  it("end with the exit codes that the README lists, in the words of the help", () => {
    const listed = [...readme.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => [
      Number(code),
      meaning,
    ]);
    const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
    expect(listed).toEqual(names.map((name) => [exitCodes[name], exitMeanings[name]]));
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
