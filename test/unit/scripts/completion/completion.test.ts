import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { projectRoot } from "../../../../infra/context.ts";
import { stackNames } from "../../../../infra/stack-source.ts";
import { commandLine, verbs } from "../../../../scripts/command-line.ts";
import { bashCompletion } from "../../../../scripts/completion/bash.ts";
import { describeVerbs } from "../../../../scripts/completion/describe.ts";
import { fishCompletion } from "../../../../scripts/completion/fish.ts";
import { zshCompletion } from "../../../../scripts/completion/zsh.ts";

const described = describeVerbs(await commandLine(undefined));
const scripts = {
  bash: bashCompletion(described),
  zsh: zshCompletion(described),
  fish: fishCompletion(described),
};

/** What bash offers at the end of a line. */
async function offered(...words: string[]): Promise<string[]> {
  const line = [join(projectRoot, "hotspare"), ...words].map((word) => `'${word}'`).join(" ");
  const program = `${scripts.bash}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _hotspare; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await execa("bash", ["--norc", "-c", program], { cwd: "/" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((word) => word !== "");
}

describe("bash offers", () => {
  test("verbs, by what is typed of them", async () => {
    expect(await offered("")).toEqual([...Object.keys(verbs), "help"]);
    expect(await offered("ro")).toEqual(["rollback"]);
    expect(await offered("help", "ev")).toEqual(["events"]);
    expect(await offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("the options of a verb, and those of no other", async () => {
    expect(await offered("plan", "--")).toEqual(
      expect.arrayContaining(["--json", "--no-files", "--owner", "--help"]),
    );
    expect(await offered("plan", "--")).not.toContain("--base");
    expect(await offered("-")).toEqual(["--help", "--version"]);
    expect(await offered("test", "--tier", "en")).toEqual(["engine"]);
  });

  test("the names of the stacks that there are now, once where a verb takes one", async () => {
    expect(await offered("up", "")).toEqual(stackNames());
    expect(await offered("plan", "--owner", "12345678", "aws-p")).toEqual(["aws-production"]);
    expect(await offered("up", "dev", "")).toEqual([]);
    expect(await offered("review", "dev", "st")).toEqual(["staging"]);
  });

  test("files where a file is asked for, and nothing where only a person knows", async () => {
    expect(await offered("up", "--plan", `${projectRoot}/tsconfig.js`)).toEqual([
      `${projectRoot}/tsconfig.json`,
    ]);
    expect(await offered("plan", "--owner", "")).toEqual([]);
  });
});

test.each(Object.entries(scripts))("%s knows every verb with every option", (shell, script) => {
  for (const { name, options } of described) {
    const lines = script.split("\n").filter((line) => new RegExp(`\\b${name}\\b`).test(line));
    expect(lines.length, name).toBeGreaterThan(0);
    for (const flag of options.flatMap(({ flags }) => flags)) {
      const written = shell === "fish" ? flag.replace(/^--(?=.)/, "-l ").replace(/^-(?=[^l ])/, "-s ") : flag;
      expect(
        lines.some((line) => line.includes(written)),
        `${name} ${flag}`,
      ).toBe(true);
    }
  }
});
