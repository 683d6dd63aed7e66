import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folders } from "../../infra/folders.mjs";
import { rowOf } from "../../infra/surroundings/settle.mjs";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { locatePulumi } from "../../scripts/toolchain/pulumi.ts";
import { stackFile } from "../component/scripts/review/stack.ts";
import { Project } from "../support/project.ts";

/* What the engine inherits: Pulumi says itself what it reads, and none of it makes an `up` another one than was planned. */

test("every variable that Pulumi says it reads has a row, and its options are not passed on", async () => {
  const found = await locatePulumi();
  const { stdout } = await execa(`${found?.binDir}/pulumi`, ["about", "env"], {
    env: { HOME: folders().cache, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const names = [...new Set([...stdout.matchAll(/^(PULUMI_[A-Z_0-9]+)/gm)].map(([, name = ""]) => name))];
  const options = names.filter((name) => name.startsWith("PULUMI_OPTION_"));
  expect(options).toContain("PULUMI_OPTION_TARGET");
  expect(options.filter((name) => rowOf(name)?.decision !== "overruled")).toEqual([]);
  expect(names.filter((name) => rowOf(name) === undefined)).toEqual([]);
});

describe("an up where much is set", () => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.create({
      PULUMI_OPTION_TARGET: "urn:pulumi:notes::hotspare::nothing::nothing",
      PULUMI_OPTION_PREVIEW_ONLY: "true",
      PULUMI_EXPERIMENTAL: "true",
      PULUMI_SKIP_CHECKPOINTS: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
      PULUMI_DISABLE_PROVIDER_PREVIEW: "true",
      PULUMI_STACK: "another",
      PULUMI_CONFIG: '{"hotspare:x":"y"}',
      NODE_OPTIONS: "",
      DOCKER_HOST: "unix:///nowhere/docker.sock",
      FORCE_COLOR: "3",
    });
    const notes = stackFile("notes", 2).replace('kind: "docker"', 'kind: "memory"');
    await project.write("stacks/notes.ts", notes);
    await project.write("stacks/index.ts", 'export const stacks = { notes: () => import("./notes.ts") };\n');
  }, 60_000);
  afterAll(() => project?.remove());

  test("makes all of the stack, and says what it did not take over", async () => {
    const { exitCode, stdout, stderr } = await project.run("up", "notes", "--json");
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toBeInstanceOf(Object);
    expect(stderr).toContain("hotspare: PULUMI_OPTION_TARGET is not passed on");
    expect(stderr).toContain("hotspare: PULUMI_IGNORE_AMBIENT_PLUGINS is not passed on");
    const status = await project.json<ClusterStatus>("status", "notes");
    expect(status).toMatchObject({ state: "ok", findings: [] });
  });
});
