import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Review } from "../../components/review/types.ts";
import { exitCodes } from "../../scripts/exit.ts";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker } from "../support/containers.ts";
import { Project } from "../support/project.ts";
import { makeRepository } from "../support/repository.ts";

/*
 * Reviews by the real engine, and plans that are carried out as reviewed or not at all. The tests build on each other.
 */

let project: Project;
let owner: string;
const saved = () => join(project.folder, ".hotspare", "plan.json");

/** A small cluster; what the tests change is `active` and the pool's other settings. */
const stack = (active: number, pool = "") => `
import { defineStack } from "../components/model/define.ts";
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 2 },
  pools: { web: { active: ${active}, standby: { hot: 0, cold: 0 }, ${pool} } },
  routes: [{ path: "/", pool: "web" }],
  warden: { enabled: false },
});
`;

beforeAll(async () => {
  project = await Project.create();
  await project.write("stacks/dev.ts", stack(2));
  await makeRepository(project.folder);
  owner = (await project.json<ClusterStatus>("up")).owner;
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

/** Reviews what lies there, and saves it. */
async function review(exitCode: number): Promise<Review> {
  const result = await project.run("review", "dev", "--base", "main", "--save", saved(), "--format", "json");
  expect(result, result.stderr).toMatchObject({ exitCode });
  return JSON.parse(result.stdout) as Review;
}

const upAsReviewed = () => project.run("up", "dev", "--plan", saved());

/** Every container of the cluster with its id, so that nothing can have been done to one. */
async function containers(): Promise<string[]> {
  const found = await docker.listContainers({ all: true, filters: { label: [`hotspare.owner=${owner}`] } });
  return found.map(({ Id, Names, State }) => `${Names[0]} ${Id} ${State}`).sort();
}

/** Must end with its own exit code and these words, with nothing done to any container. */
async function refused(...words: string[]): Promise<void> {
  const before = await containers();
  const { exitCode, stderr } = await upAsReviewed();
  expect({ exitCode, stderr }).toMatchObject({ exitCode: exitCodes.planRefused });
  for (const word of words) expect(stderr).toContain(word);
  expect(await containers()).toEqual(before);
}

const node = (key: string) => `dev-${owner.slice(0, 4)}-${key}`;

describe("a reviewed change", () => {
  it("is told with the engine's steps, and changes nothing", async () => {
    const before = await containers();
    await project.write("stacks/dev.ts", stack(3));
    const { engine, failures, change } = await review(exitCodes.reviewChanged);
    expect(failures).toEqual([]);
    expect(engine).toMatchObject({ result: "succeeded", counts: { create: 1, update: 2, delete: 0 } });
    expect(engine?.diagnostics).toEqual([]);
    expect(engine?.steps.map(({ name, kind }) => `${kind} ${name}`)).toContain("create dev-web-3");
    expect(change?.machines.filter(({ action }) => action === "added").map(({ key }) => key)).toEqual([
      "web-3",
    ]);
    expect(await containers()).toEqual(before);
  });

  it("is refused when the stack's file is another by now", async () => {
    await project.write("stacks/dev.ts", stack(4));
    await refused("stacks/dev.ts is another since the review", "rendered file lb-1/members.json is another");
    await project.write("stacks/dev.ts", stack(3));
  });

  it("is refused when the program is another", async () => {
    const program = await readFile(join(project.folder, "infra/index.ts"), "utf8");
    await project.write("infra/index.ts", `${program}\n`);
    await refused("infra/index.ts is another since the review");
    await project.write("infra/index.ts", program);
  });

  it("is refused when a setting of the stack is another", async () => {
    const settings = await readFile(join(project.folder, "stacks/config/Pulumi.dev.yaml"), "utf8");
    await project.run("pulumi", "config", "set", "--stack", "dev", "something", "else");
    await refused("stacks/config/Pulumi.dev.yaml is another since the review");
    await project.write("stacks/config/Pulumi.dev.yaml", settings);
  });

  it("is refused when somebody has edited the saved plan", async () => {
    const text = await readFile(saved(), "utf8");
    await writeFile(saved(), text.replace('"verdict": "changed"', '"verdict": "unchanged"'));
    await refused("has been changed since it was written");
    await writeFile(saved(), text);
  });

  it("is refused for another stack", async () => {
    const { exitCode, stderr } = await project.run("up", "staging", "--plan", saved());
    expect({ exitCode, stderr }).toMatchObject({ exitCode: exitCodes.planRefused });
    expect(stderr).toContain("stack: reviewed for dev, this is staging");
  });

  it("is done when all is as it was", async () => {
    expect(await upAsReviewed()).toMatchObject({ exitCode: exitCodes.ok });
    expect((await containers()).join()).toContain(`${node("web-3")} `);
  });

  it("is refused a second time: it is done already", async () => {
    await refused("Container dev-web-3 was reviewed as create and would now be unchanged");
  });
});

describe("a reviewed replacement", () => {
  it("is refused when the state has lost a machine meanwhile, which nobody reviewed", async () => {
    await project.write("stacks/dev.ts", stack(3, `environment: { RELEASE: "2" },`));
    const { engine } = await review(exitCodes.reviewDestructive);
    expect(engine?.steps.filter(({ kind }) => kind === "replace").map(({ order }) => order)).toEqual(
      Array(3).fill("create-first"),
    );
    await docker.getContainer(node("door")).remove({ force: true });
    expect(await project.run("pulumi", "refresh", "--yes", "--stack", "dev", "--skip-preview")).toMatchObject(
      { exitCode: 0 },
    );
    await refused("Container dev-door was reviewed as unchanged and would now be create");
  });

  it("is done when it is reviewed again", async () => {
    await review(exitCodes.reviewDestructive);
    expect(await upAsReviewed()).toMatchObject({ exitCode: exitCodes.ok });
    expect((await containers()).join()).toContain(node("web-1-g1"));
  });
});

describe("drift", () => {
  it("is a verdict of its own", async () => {
    await docker.getContainer(node("door")).remove({ force: true });
    const result = await project.run("review", "dev", "--base", "main", "--drift", "--format", "json");
    const found = JSON.parse(result.stdout) as Review;
    expect(result).toMatchObject({ exitCode: exitCodes.reviewDrift });
    expect(found.engine?.drift).toEqual([
      expect.objectContaining({ kind: "gone", urn: expect.stringMatching(/::dev-door$/) }),
    ]);
  });
});

describe("a stack that nobody has made", () => {
  it("is not made by a review either, which says what is missing", async () => {
    const result = await project.run("review", "staging", "--base", "main", "--preview", "--format", "json");
    const { failures, change } = JSON.parse(result.stdout) as Review;
    expect(result).toMatchObject({ exitCode: exitCodes.failed });
    expect(failures).toEqual([{ phase: "preview", message: expect.stringContaining("has no stack") }]);
    expect(change?.kind).toBe("unchanged");
  });
});
