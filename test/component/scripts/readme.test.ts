import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../../infra/context.ts";
import { exitCodes } from "../../../scripts/exit.ts";
import { Repository } from "../../support/repository.ts";

/*
 * What README.md says about output for programs, typed into a shell as it stands there: each line sends stdout to a file, and the file
 * is what its name says, with nothing of npm's or ours before or behind it.
 */

const readme = await readFile(join(projectRoot, "README.md"), "utf8");
const lines = [...readme.matchAll(/^(\.\/hotspare .*) > (\S+\.(json|md))$/gm)].map(
  ([line, command = "", file = "", kind = ""]) => ({ line, command, file, kind }),
);

let repository: Repository;
beforeAll(async () => {
  repository = await Repository.create();
  await repository.edit("stacks/dev.ts", "active: 3", "active: 4");
}, 60_000);
afterAll(() => repository.remove());

function shell(line: string) {
  return execa("sh", ["-c", line], {
    cwd: repository.folder,
    env: { HOME: repository.person, XDG_CACHE_HOME: "", XDG_STATE_HOME: "", XDG_CONFIG_HOME: "" },
    reject: false,
  });
}

test("there are lines for a plan, a review as data and a review as text", () => {
  expect(lines.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["json", "md"]));
  for (const verb of ["plan", "review"])
    expect(lines.some(({ command }) => command.startsWith(`./hotspare ${verb} `))).toBe(true);
});

describe.each(lines)("$line", ({ line, command, file, kind }) => {
  test("leaves a document that is clean", { timeout: 60_000 }, async () => {
    const { exitCode, stdout, stderr } = await shell(line);
    expect(stdout).toBe("");
    // A doctor that finds something missing says so, and by its exit code too.
    const expected = command.includes("doctor") ? [exitCodes.ok, exitCodes.missingTool] : [exitCodes.ok];
    expect(expected, stderr).toContain(exitCode);
    const text = await readFile(join(repository.folder, file), "utf8");
    if (kind === "json") expect(JSON.parse(text)).toBeInstanceOf(Object);
    else expect(text).toMatch(/^(<!--|#)/);
    expect(text).toMatch(/[^\n]\n$/);
  });
});
