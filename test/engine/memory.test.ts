import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanDocument } from "../../components/review/document.ts";
import type { HistoryEntry } from "../../scripts/history/read.ts";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { Project } from "../support/project.ts";

/*
 * Every command on a stack in memory, by the real command line and the real engine. There is no Docker Engine, so a command that asked for
 * one would fail.
 */

let project: Project;
const run = (...args: [string, ...string[]]) => project.run(...args);

const file = (active: number, more = "") => `import { defineStack } from "../components/model/define.ts";
export default defineStack({
  name: "notes",
  environment: "development",
  platform: { kind: "memory" },
  balancer: { kind: "nginx", count: 2 },
  pools: { web: { active: ${active}, standby: { hot: 1, cold: 1 } } },
  routes: [{ path: "/", pool: "web" }],
  ${more}
});
`;
const index = 'import notes from "./notes.ts";\nexport const stacks = { notes };\n';

beforeAll(async () => {
  project = await Project.create({ DOCKER_HOST: "unix:///nowhere/docker.sock" });
  await project.write("stacks/notes.ts", file(2));
  await project.write("stacks/index.ts", index);
}, 60_000);
afterAll(() => project?.remove());

const keysOf = ({ machines }: ClusterStatus) => machines.map(({ key }) => key);

test("before anything is there", async () => {
  const ends = async (...args: [string, ...string[]]) => (await run(...args)).exitCode;
  expect(await ends("status", "notes")).toBe(6);
  expect(await ends("down", "notes")).toBe(6);
  expect(await ends("rollback", "notes", "--yes")).toBe(6);
  const plan = await project.json<PlanDocument>("plan", "notes");
  expect(plan.machines.map(({ machine }) => machine)).toContain("lb-1");
});

describe("the life of a stack in memory", () => {
  test("up notes every planned machine, and a second up nothing", async () => {
    const { exitCode, stdout, stderr } = await run("up", "notes");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/Changes: \d+ resources made/);
    expect(stdout).toMatch(/^web-cold-1 +cold +off /m);
    expect((await run("up", "notes")).stdout).toContain("No changes");
  });

  test("status has them all, also as JSON", async () => {
    const status = await project.json<ClusterStatus>("status", "notes");
    expect(status).toMatchObject({ schema: "hotspare.status/1", state: "ok", findings: [], url: null });
    expect(keysOf(status)).toEqual(["lb-1", "lb-2", "web-1", "web-2", "web-hot-1", "web-cold-1"]);
    expect(status.machines.map(({ running }) => running)).toEqual([true, true, true, true, true, false]);
  });

  test.each([
    ["logs", "no machine writes anything; `./hotspare plan notes`"],
    ["events", "nothing happens by itself; `./hotspare history notes`"],
    ["drill", "nothing can break; `./hotspare plan notes`"],
    ["soak", "nothing can break"],
  ] as const)("%s says what does instead", async (verb, words) => {
    const { exitCode, stderr } = await run(verb, "notes");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`"notes" is in memory, as notes in the engine's state, where ${words}`);
  });

  test("a change is brought up, shows in the history, and is taken back by rollback", async () => {
    await project.write("stacks/notes.ts", file(3));
    expect((await run("status", "notes")).exitCode).toBe(5);
    expect(await run("up", "notes")).toMatchObject({ exitCode: 0 });
    expect(keysOf(await project.json<ClusterStatus>("status", "notes"))).toContain("web-3");

    const { entries } = await project.json<{ entries: HistoryEntry[] }>("history", "notes");
    expect(entries[0]).toMatchObject({ kind: "update", result: "succeeded" });
    const back = await run("rollback", "notes", "--yes");
    expect({ ...back, stdout: "" }).toMatchObject({ exitCode: 0 });
    await project.write("stacks/notes.ts", file(2));
    expect(await run("status", "notes")).toMatchObject({ exitCode: 0 });
  });

  test("one that somebody has locked is left alone by all who share its state, and says who and why", async () => {
    const locked = await run("lock", "notes", "--reason", "the fair");
    expect(locked).toMatchObject({ exitCode: 0 });
    const word = /"notes" is locked by \S+@\S+ since \d{4}-\d\d-\d\d \d\d:\d\d UTC \(the fair\)/;
    expect(locked.stdout).toMatch(word);
    const changing: readonly [string, ...string[]][] = [
      ["up", "notes"],
      ["down", "notes", "--yes"],
      ["rollback", "notes", "--yes"],
      ["volume", "restore", "notes", "web-1-data", "data.tar.gz", "--yes"],
      ["accessory", "restore", "notes", "db", "db.sql", "--yes"],
      ["lock", "notes", "--reason", "mine"],
    ];
    for (const args of changing) {
      const refused = await run(...args);
      expect([args, refused.exitCode]).toEqual([args, 7]);
      expect(refused.stderr).toMatch(word);
      expect(refused.stderr).toContain("`./hotspare unlock notes`");
    }
    expect(await run("unlock", "notes")).toMatchObject({ exitCode: 0 });
    expect((await run("unlock", "notes")).exitCode).toBe(6);
    expect((await run("up", "notes")).stdout).toContain("No changes");
  });

  test("names that are others are refused before the engine starts, and with ids they are words only", async () => {
    const renamed = (pool: string, cluster: string) =>
      file(2)
        .replace("web: {", `app: { ${pool}`)
        .replace('pool: "web"', 'pool: "app"')
        .replace('name: "notes",', `name: "memos", ${cluster}`);
    await project.write("stacks/notes.ts", renamed("", ""));
    const { entries: before } = await project.json<{ entries: HistoryEntry[] }>("history", "notes");
    const refused = await run("up", "notes");
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('name: the cluster that stands is "notes"');
    expect(refused.stderr).toContain('pools.app: it would take the place of the pool "web"');
    const { entries: after } = await project.json<{ entries: HistoryEntry[] }>("history", "notes");
    expect(after).toEqual(before);

    await project.write("stacks/notes.ts", renamed('id: "web",', 'id: "notes",'));
    expect((await run("up", "notes")).stdout).toContain("No changes");
    const status = await project.json<ClusterStatus>("status", "notes");
    expect(status).toMatchObject({ state: "ok", cluster: "notes", name: "memos" });
    expect(status.pools).toMatchObject([{ name: "app", id: "web" }]);
    expect(keysOf(status)).toContain("web-1");
    // There and back.
    await project.write("stacks/notes.ts", file(2));
    expect((await run("up", "notes")).stdout).toContain("No changes");
  });

  test("a stack under another name is refused while the old one stands, and with its id it is that one", async () => {
    const entry = 'import("./notes.ts")';
    await project.write("stacks/index.ts", `export const stacks = { memos: () => ${entry} };\n`);
    const refused = await run("up", "memos");
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain(
      'stacks/index.ts: "memos" is new, and the cluster "notes" stands as "notes", which is no longer there',
    );
    expect(refused.stderr).toContain('`memos: { id: "notes", load: () => import(…) }`');

    await project.write(
      "stacks/index.ts",
      `export const stacks = { memos: { id: "notes", load: () => ${entry} } };\n`,
    );
    for (const word of ["memos", "notes"])
      expect(await project.json<ClusterStatus>("status", word)).toMatchObject({
        state: "ok",
        stack: "notes",
      });
    expect((await run("up", "memos")).stdout).toContain("No changes");
    const plan = await project.json<PlanDocument>("plan", "memos");
    expect(plan.stack).toBe("memos");
    await project.write("stacks/index.ts", index);
  });

  test("a protected one is asked about, also once its line is gone from the index, and then goes", async () => {
    await project.write("stacks/notes.ts", file(2, "protect: true,"));
    expect(await run("up", "notes")).toMatchObject({ exitCode: 0 });
    expect(await run("down", "notes")).toMatchObject({
      exitCode: 2,
      stderr: '"notes" is protected; say --yes to remove it',
    });
    await project.write("stacks/notes.ts", file(2, "protect: false,"));
    expect(await run("down", "notes")).toMatchObject({
      exitCode: 2,
      stderr:
        '"notes" was protected when it was brought up, and its file no longer says so; say --yes to remove it',
    });
    await project.write("stacks/index.ts", "export const stacks = {};\n");
    const asked = await run("down", "notes");
    expect(asked.exitCode).toBe(2);
    expect(asked.stderr).toMatch(
      /"notes" is not in stacks\/index\.ts, but .* in memory, and it is protected/,
    );

    const gone = await run("down", "notes", "--yes");
    expect({ exitCode: gone.exitCode, stderr: gone.stderr }).toMatchObject({ exitCode: 0 });
    expect(gone.stdout).toMatch(/Removed \d+ notes of "notes" from the state\./);
    expect((await run("logs", "notes")).exitCode).toBe(4);
    await project.write("stacks/index.ts", index);
    expect((await run("status", "notes")).exitCode).toBe(6);
    expect(await readdir(join(project.folder, ".state", "hotspare")).catch(() => [])).not.toContain("states");
  });
});
