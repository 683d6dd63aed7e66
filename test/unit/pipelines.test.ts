import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { registerComment } from "../../scripts/verbs/comment.ts";
import { registerReview } from "../../scripts/verbs/review.ts";

/* The pipelines of docs/ci-elsewhere.md run where no test can: that they are YAML and call what there is, is held here. */

const text = readFileSync(join(import.meta.dirname, "../../docs/ci-elsewhere.md"), "utf8");
const pipelines = [...text.matchAll(/^## ([^\n]+)\n(?:(?!^## )[\s\S])*?^```yaml\n([\s\S]*?)^```$/gm)].map(
  ([, title = "", source = ""]) => ({ title, source }),
);

function optionsOf(): Map<string, readonly string[]> {
  const program = new Command();
  for (const add of [registerComment, registerReview]) add(program);
  return new Map(
    program.commands.map((verb) => [verb.name(), verb.options.flatMap(({ long }) => long ?? [])]),
  );
}

/** All texts of a document that are commands of a shell: those of `script`, a list or one text. */
function commandsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(commandsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "script" ? [inner].flat().map(String) : commandsIn(inner),
  );
}

test("there is one for each system", () => {
  expect(pipelines.map(({ title }) => title)).toEqual(["GitLab", "Azure Pipelines", "Bitbucket Pipelines"]);
});

describe.each(pipelines)("$title", ({ source }) => {
  const commands = commandsIn(parse(source));
  const own = commands.filter((command) => command.startsWith("./hotspare"));

  test("calls our commands with options that they have", () => {
    const known = optionsOf();
    expect(own.some((command) => command.startsWith("./hotspare review "))).toBe(true);
    expect(own.some((command) => command.startsWith("./hotspare comment "))).toBe(true);
    for (const command of own) {
      const [, verb = ""] = /^\.\/hotspare ([a-z]+) /.exec(command) ?? [];
      for (const [option] of command.matchAll(/(?<= )--[a-z-]+/g))
        expect(known.get(verb), command).toContain(option);
    }
  });

  test("reviews a commit with the target's kit, and brings packages without their scripts", () => {
    const order = ["git checkout --quiet --detach", "npm ci --ignore-scripts ", "./hotspare review --all "];
    const places = order.map((start) => commands.findIndex((command) => command.startsWith(start)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const command of commands)
      if (command.startsWith("npm")) expect(command).toMatch(/^npm ci --ignore-scripts/);
    expect(own.filter((command) => command.includes("review --all"))[0]).toMatch(/--head "\$\w+"/);
  });

  test("has no token where it reviews", () => {
    const beforeComment = source.slice(0, source.indexOf("./hotspare comment"));
    expect(beforeComment).not.toMatch(/TOKEN|AccessToken|secret/i);
  });
});
