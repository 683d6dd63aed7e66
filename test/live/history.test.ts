import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HistoryEntry } from "../../scripts/history/read.ts";
import { Project } from "../support/project.ts";

/* The backend's history, of a program that makes nothing outside of the state: real engine, real file backend, no Docker. */

let project: Project;

beforeAll(async () => {
  project = await Project.create();
  await project.write(
    "infra/index.ts",
    `import { Config, Stash } from "@pulumi/pulumi";
new Stash("thing", { input: new Config().get("size") ?? "1" });
`,
  );
  await run("pulumi", "stack", "init", "dev");
  await run("pulumi", "config", "set", "--secret", "password", "hunter2hunter2", "-s", "dev");
  await run("pulumi", "config", "set", "--plaintext", "apiToken", "tok-Zx81hAq02LmNvPq7", "-s", "dev");
  await run("pulumi", "up", "-y", "-s", "dev", "--skip-preview", "-m", "first\n\nBy: alice@build-7");
  await run("pulumi", "config", "set", "size", "2", "-s", "dev");
  await run("pulumi", "up", "-y", "-s", "dev", "--skip-preview");
});

afterAll(() => project.remove());

async function run(...args: [string, ...string[]]): Promise<string> {
  const result = await project.run(...args);
  expect(result, args.join(" ")).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

const entries = async (...args: string[]) =>
  (await project.json<{ entries: HistoryEntry[] }>("history", "dev", ...args)).entries;

describe("./hotspare history", () => {
  it("tells what was done, the newest first, with who and what they said", async () => {
    const [second, first] = await entries();
    expect(first).toMatchObject({
      kind: "update",
      result: "succeeded",
      by: "alice@build-7",
      summary: ["first"],
      changes: { create: 2 },
    });
    expect(second).toMatchObject({ by: null, changes: { same: 1, update: 1 } });
    expect(Date.parse(second?.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(first?.startedAt ?? ""));
    expect(second?.config["hotspare:size"]).toBe("2");
  });

  it("hides what is secret or looks like it", async () => {
    const all = JSON.stringify(await entries()) + (await run("history", "dev"));
    expect(all).not.toMatch(/hunter2|tok-Zx81/);
    expect(all).toContain("[hidden]");
  });

  it("stops at the limit, and knows no stack that isn't there", async () => {
    expect(await entries("--limit", "1")).toHaveLength(1);
    expect(await project.run("history", "dev", "--limit", "0")).toMatchObject({ exitCode: 2 });
    expect(await project.run("history", "nosuch")).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("nosuch"),
    });
  });
});
