import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exitCodes, UserError } from "../../../scripts/exit.ts";
import { defaultStack, planOf, projectName, specOf } from "../../../scripts/stacks.ts";
import { stacks } from "../../support/stacks.ts";

test("the project is called as Pulumi.yaml calls it", () => {
  const yaml = readFileSync(join(import.meta.dirname, "../../../Pulumi.yaml"), "utf8");
  expect(yaml).toMatch(new RegExp(`^name: ${projectName}$`, "m"));
});

test("the stack that is used when none is named exists", () => {
  expect(Object.keys(stacks)).toContain(defaultStack);
});

test.each(["nothing", "constructor", ""])(
  "a stack %j that there isn't is said so, with those that there are",
  (name) => {
    const caught = (() => {
      try {
        return specOf(name);
      } catch (error) {
        return error;
      }
    })();
    expect(caught).toBeInstanceOf(UserError);
    expect((caught as UserError).exitCode).toBe(exitCodes.nothingThere);
    expect((caught as UserError).message).toBe(
      `there is no stack "${name}"; stacks/index.ts has [${Object.keys(stacks).join(", ")}]`,
    );
  },
);

test("a stack is planned for the owner that is given", () => {
  expect(planOf("dev", "feedbeef")).toMatchObject({ owner: "feedbeef", cluster: "dev" });
});

test("no two outcomes of a command have the same exit code", () => {
  const codes = Object.values(exitCodes);
  expect(new Set(codes).size).toBe(codes.length);
});

test("no settings of stacks whose state is a person's own are in the repository: their salt fits that person's passphrase alone", () => {
  const folder = join(import.meta.dirname, "../../..");
  const tracked = execFileSync("git", ["ls-files", "stacks/config"], { cwd: folder, encoding: "utf8" });
  const ignored = readFileSync(join(folder, ".gitignore"), "utf8");
  expect(tracked).not.toMatch(/Pulumi\.(dev|lvs|metal)\.yaml/);
  for (const [name, stack] of Object.entries(stacks))
    if ((stack as { environment: string }).environment === "development")
      expect(ignored, name).toContain(`stacks/config/Pulumi.${name}.yaml`);
});
