import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Review } from "../../../../components/review/types.ts";
import { exitCodes } from "../../../../scripts/exit.ts";
import type { Repository } from "../../../support/repository.ts";
import { repositoryOf, stackFile } from "./stack.ts";

/*
 * A stack's file is a program, and what it does beside giving data must not be what a review says.
 */

const patience = 120_000;
let repository: Repository;
let first: string;

beforeAll(async () => {
  ({ repository, first } = await repositoryOf({ dev: 3, other: 2 }));
}, patience);
beforeEach(() => repository.reset(first));
afterAll(() => repository.remove());

async function review(exitCode: number, env: Readonly<Record<string, string>> = {}): Promise<Review> {
  const result = await repository.run(["review", "dev", "--base", "HEAD", "--format", "json"], env);
  expect(result, result.stderr).toMatchObject({ exitCode });
  return JSON.parse(result.stdout) as Review;
}

const withEnvironment = (text: string) =>
  stackFile("dev", 3).replace("active: 3", `active: 3, environment: { ${text} }`);
const notes = ({ change }: Review) => (change?.sentences ?? []).map(({ text }) => text).join("\n");

describe("a stack's file", { timeout: patience }, () => {
  test("that prints and leaves a timer is reviewed as any other", async () => {
    await repository.write(
      "stacks/dev.ts",
      `console.log("{");\nsetInterval(() => {}, 50);\n${stackFile("dev", 3)}`,
    );
    await repository.commit("chatty");
    expect((await review(exitCodes.ok)).verdict).toBe("unchanged");
  });

  test("that throws stops the review of no other stack", async () => {
    await repository.write("stacks/other.ts", "throw new Error('not today');");
    const out = join(repository.person, "reports/");
    const { exitCode } = await repository.run([
      "review",
      "--all",
      "--base",
      "HEAD",
      "--format",
      "json",
      "--out",
      out,
    ]);
    expect(exitCode).toBe(exitCodes.failed);
    const files = (await readdir(out)).sort();
    const reviews = await Promise.all(
      files.map(async (file) => JSON.parse(await readFile(join(out, file), "utf8"))),
    );
    expect(reviews.map(({ stack, verdict }: Review) => [stack, verdict])).toEqual([
      ["dev", "unchanged"],
      ["other", "failed"],
    ]);
    expect(reviews[1].failures[0].message).toContain("stacks/other.ts, line 1: not today");
  });

  test("that never ends is named", async () => {
    await repository.write("stacks/dev.ts", `await new Promise(() => {});\n${stackFile("dev", 3)}`);
    const { failures } = await review(exitCodes.failed);
    expect(failures).toEqual([
      {
        phase: "head",
        message: expect.stringContaining("stacks/dev.ts waits for a promise that nothing settles"),
      },
    ]);
  });

  test("that gives other values each time is said to, with the place; one that was changed is not", async () => {
    await repository.write(
      "stacks/dev.ts",
      withEnvironment(`BUILT: String(process.hrtime.bigint()), MODE: "a"`),
    );
    await repository.commit("by the clock");
    const clock = notes(await review(exitCodes.reviewDestructive));
    expect(clock).toContain(
      "[nodes[*].environment.BUILT] differ each time the very same revision is planned",
    );
    expect(clock).not.toContain("MODE");
    await repository.write("stacks/dev.ts", withEnvironment(`MODE: "b"`));
    await repository.commit("steady");
    await repository.write("stacks/dev.ts", withEnvironment(`MODE: "c"`));
    expect(notes(await review(exitCodes.reviewDestructive))).not.toContain("differ each time");
  });

  test("that reads what a review withholds: the variable is named, whether it can do without or not", async () => {
    const env = { SHOP_REGION: "somewhere-1" };
    await repository.write("stacks/dev.ts", withEnvironment(`REGION: process.env.SHOP_REGION ?? "none"`));
    expect(notes(await review(exitCodes.reviewDestructive, env))).toContain(
      "the stack reads [SHOP_REGION] from",
    );
    await repository.write(
      "stacks/dev.ts",
      `const { SHOP_REGION } = process.env;\nif (!SHOP_REGION) throw new Error("no region");\n${stackFile("dev", 3)}`,
    );
    const { failures } = await review(exitCodes.failed, env);
    expect(failures[0]?.message).toContain("no region");
    expect(failures[0]?.message).toContain(`"SHOP_REGION" from the environment, which a review withholds`);
  });
});
