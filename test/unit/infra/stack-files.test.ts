import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { plan } from "../../../components/plan/plan.ts";
import { parseEnvironment, readStackFiles } from "../../../infra/stack-files.ts";
import { contextFor } from "../../support/plan-any.ts";
import { withPool } from "../../support/small.ts";

const root = mkdtempSync(join(tmpdir(), "hotspare-stack-files-"));
mkdirSync(join(root, "conf"));
writeFileSync(join(root, "conf/app.ini"), "a = 1\n");
writeFileSync(join(root, "conf/logo.png"), Buffer.from([0x89, 0xff, 0x00]));
writeFileSync(join(root, "conf/large"), Buffer.alloc(256 * 1024 + 1));
writeFileSync(join(root, "web.env"), "LEVEL=debug\nCOLOUR=red\n");
writeFileSync(join(root, "more.env"), "COLOUR=blue\nSIZE=1\n");
writeFileSync(join(root, "wrong.env"), "# fine\nPORT=1\nA=1\nno variable\n");
afterAll(() => rmSync(root, { recursive: true, force: true }));

const from = (file: string) => ({ content: { file } });

test("what a stack's files hold is part of its nodes, text as text and the rest in base64", () => {
  const stack = withPool({
    files: { "/etc/app.ini": from("conf/app.ini"), "/srv/logo.png": from("conf/logo.png") },
    environmentFiles: ["web.env", "more.env"],
    environment: { SIZE: "2" },
  });
  const spec = loadStack("demo", stack);
  const { problems, ...read } = readStackFiles(spec, root);
  expect(problems).toEqual([]);
  const [node] = plan(spec, { ...contextFor(stack as never), ...read }).nodes;
  expect(node?.files?.["/etc/app.ini"]?.content).toEqual({ text: "a = 1\n" });
  expect(node?.files?.["/srv/logo.png"]?.content).toEqual({ base64: "if8A" });
  expect(node?.environment).toMatchObject({ LEVEL: "debug", COLOUR: "blue", SIZE: "2" });
});

test("all that can't be read or understood is a problem, each at its place", () => {
  const stack = withPool({
    files: { "/a": from("no/such"), "/b": from("conf"), "/c": from("conf/large") },
    environmentFiles: ["web.env", "wrong.env", "none.env"],
  });
  const { problems } = readStackFiles(loadStack("demo", stack), root);
  expect(problems.map(({ path, code, message }) => [path, code, message])).toEqual([
    ["pools.web.files./a.content.file", "container.file-unread", '"no/such" isn\'t there'],
    ["pools.web.files./b.content.file", "container.file-unread", '"conf" can\'t be read (EISDIR)'],
    [
      "pools.web.files./c.content.file",
      "container.file-unread",
      '"conf/large" has 257 KB, and a file may have 256',
    ],
    [
      "pools.web.environmentFiles[1]",
      "container.environment-misread",
      'lines 2, 4 of "wrong.env" are no `NAME=value`, set a variable that the kit sets itself (PORT, HOTSPARE_…), or have a character that no environment holds',
    ],
    ["pools.web.environmentFiles[2]", "container.file-unread", '"none.env" isn\'t there'],
  ]);
});

test.each([
  ["A=1", { A: "1" }],
  ["export A=1\r\nB = 2", { A: "1" }],
  ["A='x # y'\nB=\"it's\"\nC=x # y\nD=a#b\nE=", { A: "x # y", B: "it's", C: "x", D: "a#b", E: "" }],
  ["A=x=y", { A: "x=y" }],
  ['A="a b" # note\nB=\'c\' # "d"\nC="e"f"\nD="g #h"', { A: "a b", B: "c", C: 'e"f', D: "g #h" }],
  ["A=x #\nB=#\nC='' # none\nD= # none\nE= 'x' ", { A: "x", B: "#", C: "", D: "", E: "x" }],
])("an environment file %j", (text, expected) => {
  expect(parseEnvironment(text).variables).toEqual(expected);
});

test.each([
  ["A=1\nB=a\u0000b", [2]],
  ["A=\u001b[2J", [1]],
  ["A='x\u007f'", [1]],
  ["A=a\rb", [1]],
  ["A=a\tb", []],
])("an environment file %j holds nothing that no environment does", (text, wrong) => {
  expect(parseEnvironment(text).wrong).toEqual(wrong);
});
