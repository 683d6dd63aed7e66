import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../scripts/drill/report/document.ts";
import { Project } from "../support/project.ts";

/* Drills behind directors, on a cluster of their own: a node and a director are killed for real, under the same load by TCP. */

let project: Project;

beforeAll(async () => {
  project = await Project.create();
  await project.edit("stacks/lvs.ts", "pools: {", 'warden: { calm: "1 s" },\n  pools: {');
  await project.json("up", "lvs");
}, 280_000);

afterAll(async () => {
  await project.run("down", "lvs");
  await project.remove();
});

it("pass when a node is killed, and when directors switch under 500 open connections of which none ends", async () => {
  const { drills } = await project.json<Report>("drill", "lvs", "--only", "node-killed,director-switched");
  expect(drills.map(({ id, verdict }) => [id, verdict.kind])).toEqual([
    ["node-killed", "passed"],
    ["director-switched", "passed"],
  ]);
  expect(drills[1]?.figures?.measures).toMatchObject({ kept: 500, "kept.ended": 0 });
});
