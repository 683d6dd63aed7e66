import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../scripts/drill/report/document.ts";
import { Project } from "../support/project.ts";

/* Drills behind directors, on a cluster of their own: a director is killed for real, under the same load by TCP. */

let project: Project;

beforeAll(async () => {
  project = await Project.create();
  await project.json("up", "lvs");
}, 280_000);

afterAll(async () => {
  await project.run("down", "lvs");
  await project.remove();
});

it("directors switch under 500 open connections, of which none ends", async () => {
  // Whatever the verdict on its times: the report is written in each case.
  const { stdout } = await project.run("drill", "lvs", "--only", "director-switched", "--json");
  const { drills } = JSON.parse(stdout) as Report;
  const [{ figures } = { figures: null }] = drills;
  expect(figures?.unaccounted).toBe(0);
  expect(figures?.measures).toMatchObject({ kept: 500, "kept.ended": 0, "doubled.post": 0 });
  expect(figures?.measures.moves).toBeGreaterThanOrEqual(1);
});
