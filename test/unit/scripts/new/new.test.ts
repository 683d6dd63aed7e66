import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { checkStack } from "../../../../components/model/define.ts";
import { projectRoot } from "../../../../infra/context.ts";
import { answered, questions, stackOf, starters } from "../../../../scripts/new/answers.ts";
import { addStack, withEntry } from "../../../../scripts/new/files.ts";
import { stackText } from "../../../../scripts/new/text.ts";
import { temporaryFolder, write } from "../../../support/temporary.ts";

const kinds = [...starters.keys()];
const usual = { runs: "sample", nodes: "3", standbys: "1" };

describe("the answers", () => {
  test("are asked for, four in all, and an empty one is the usual one", async () => {
    const asked: string[] = [];
    const all = await answered({}, async (question) => {
      asked.push(question);
      return "";
    });
    expect(asked).toHaveLength(4);
    expect(all).toEqual(Object.fromEntries(questions.map(({ option, usual }) => [option, usual])));
  });

  test("are not asked for where a flag gives them", async () => {
    const asked: string[] = [];
    const all = await answered({ nodes: "5", platform: "docker" }, async (question) => {
      asked.push(question);
      return "0";
    });
    expect(asked.join("\n")).not.toMatch(/share the requests|Where/);
    expect(all).toMatchObject({ nodes: "5", platform: "docker", standbys: "0" });
  });

  test("must be flags where there is no terminal, and the message has those that are open", async () => {
    await expect(answered({ nodes: "5" }, null)).rejects.toThrow(
      /no terminal.*--platform \S+ --runs sample --standbys 1$/,
    );
    expect(await answered({ ...usual, platform: "docker" }, null)).toMatchObject(usual);
  });

  test.each([
    ["platform", { ...usual, platform: "moon" }, /--platform: "moon" is none of \[/],
    ["nodes", { ...usual, platform: "docker", nodes: "three" }, /--nodes: "three" is not a whole number/],
    ["standbys", { ...usual, platform: "docker", standbys: "-1" }, /--standbys: "-1"/],
    ["port", { ...usual, platform: "docker", port: "8080/tcp" }, /--port: "8080\/tcp"/],
  ])("that mean nothing are refused: %s", (_, options, message) => {
    expect(() => stackOf("shop", options)).toThrow(message);
  });
});

describe.each(kinds)("a new stack on %s", (platform) => {
  test.each([
    ["the usual one", usual],
    ["an image, and no standby", { ...usual, runs: "registry.example/acme/api:1.4", standbys: "0" }],
    ["with a port and a health path", { ...usual, port: "3000", health: "/health" }],
  ])("has no problem: %s", (_, options) => {
    expect(checkStack(stackOf("shop-2", { ...options, platform })).problems).toEqual([]);
  });

  test("is written as the formatter wants it, and says what it was made of", async () => {
    const stack = stackOf("shop-2", { ...usual, platform, runs: "acme/api:1.4", nodes: "4" });
    const folder = temporaryFolder();
    const file = write(join(folder, "stacks/shop.ts"), stackText(stack, "Four nodes."));
    write(join(folder, "biome.json"), biomeSettings());
    const { exitCode, stdout, stderr } = await execa(
      join(projectRoot, "node_modules/.bin/biome"),
      ["check", "stacks"],
      { cwd: folder, reject: false },
    );
    expect(exitCode, `${stdout}${stderr}`).toBe(0);
    write(join(folder, "components/model/define.ts"), "export const defineStack = (stack) => stack;\n");
    expect((await import(file)).default).toEqual(stack);
  });
});

test("a folder is built from, whatever it is called, and all else is an image", () => {
  const image = (runs: string) => stackOf("shop", { ...usual, platform: "docker", runs }).pools.web?.image;
  expect(image("../shop")).toEqual({ kind: "build", context: "../shop" });
  expect(image("test/fixtures/echo-node")).toEqual({ kind: "build", context: "test/fixtures/echo-node" });
  expect(image("acme/api")).toEqual({ kind: "reference", reference: "acme/api" });
  expect(image("sample")).toBeUndefined();
});

describe("stacks/index.ts", () => {
  const index = readFileSync(join(projectRoot, "stacks/index.ts"), "utf8");

  test("gets a line at the end of its list", () => {
    expect(withEntry(index, "shop")).toMatch(/\n {2}shop: \(\) => import\("\.\/shop\.ts"\),\n\} satisfies/);
    expect(withEntry(index, "shop-2")).toContain('\n  "shop-2": () => import("./shop-2.ts"),\n}');
    const bare = 'export const stacks = {\n  dev: () => import("./dev.ts")\n};\n';
    expect(withEntry(bare, "shop")).toBe(
      'export const stacks = {\n  dev: () => import("./dev.ts"),\n  shop: () => import("./shop.ts"),\n};\n',
    );
  });

  test("that is written in another way is left alone, and the message has the line", () => {
    const folder = temporaryFolder();
    write(join(folder, "index.ts"), "export const stacks = Object.fromEntries(all);\n");
    expect(() => addStack(folder, "shop", "text")).toThrow(/shop: \(\) => import\("\.\/shop\.ts"\),/);
    expect(() => readFileSync(join(folder, "shop.ts"))).toThrow(/ENOENT/);
  });

  test("and a file that is there are never written over", () => {
    const folder = temporaryFolder();
    write(join(folder, "index.ts"), index);
    const file = write(join(folder, "shop.ts"), "mine");
    expect(() => addStack(folder, "shop", "text")).toThrow("stacks/shop.ts is there already");
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(readFileSync(join(folder, "index.ts"), "utf8")).toBe(index);
    expect(addStack(folder, "other", "text")).toBe("stacks/other.ts");
    expect(readFileSync(join(folder, "other.ts"), "utf8")).toBe("text");
  });
});

/** This repository's own, without what only its folders need. */
function biomeSettings(): string {
  const { formatter, linter } = JSON.parse(readFileSync(join(projectRoot, "biome.json"), "utf8"));
  return JSON.stringify({ formatter, linter: { rules: linter.rules } });
}
