import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { Project } from "../support/project.ts";

/*
 * An application that nobody here wrote, on its first evening: TLS, and one mistake after the other. What `up` says names each at
 * once, and the next `up` can correct it, since nothing has ever served that would have to be kept.
 */

let project: Project;

beforeAll(async () => {
  project = await Project.create();
  await cp(join(import.meta.dirname, "../fixtures/moody-node"), join(project.folder, "app"), {
    recursive: true,
  });
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

/** Writes the stack with an application in this mood. */
async function stack(mood: string, pool = ""): Promise<void> {
  await project.write(
    "stacks/dev.ts",
    `import { defineStack } from "../components/model/define.ts";
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 1, listen: { tls: {} } },
  pools: { app: { image: { kind: "build", context: "./app" }, active: 1, environment: { MOOD: "${mood}" }, ${pool} } },
  rollout: { patience: "5 s", step: "500 ms" },
});
`,
  );
}

/** Exit code and all that an \`up\` says to people. */
async function up(mood: string, pool?: string) {
  await stack(mood, pool);
  const { exitCode, stderr } = await project.run("up");
  return { exitCode, stderr };
}

describe("what `up` says of the first start", () => {
  it("names a node that ends, with its exit code and its last lines, though the balancer answers", async () => {
    const { exitCode, stderr } = await up("crash");
    expect(exitCode, stderr).toBe(5);
    expect(stderr).toContain("the cluster does not serve: pool app: none of its nodes is healthy");
    expect(stderr).toMatch(/app-1: ended with exit code 3, started again \d+ times; its last lines:/);
    expect(stderr).toContain("    Error: no DATABASE_URL");
  });
});

describe("the next `up`, when nothing has ever served", () => {
  it.each([
    ["denied", /app-1: ended with exit code 1, .*permission denied by the container's limits/],
    ["greedy", /app-1: killed for want of memory, exit code 137; raise pools\.app\.memory/],
    ["elsewhere", /nobody listens on port 8080; the application has to listen there, on all addresses/],
    ["local", /nobody listens on port 8080; the application has to listen there, on all addresses/],
    ["unready", /\(HTTP 503\).*pools\.app\.health\.startup.*|pools\.app\.health\.startup.*\(HTTP 503\)/],
  ])("names what is wrong with a release that is %s, and what it wrote", async (mood, words) => {
    const { exitCode, stderr } = await up(mood, 'health: { startup: "4 s" }');
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(words);
    expect(stderr).toContain(`    starting, ${mood}`);
  });

  it("corrects health.path and the application in one go", async () => {
    await stack("fine", 'health: { path: "/" }');
    expect((await project.json<ClusterStatus>("up")).state).toBe("ok");
  });

  it("waits for a slow one as long as its startup says", async () => {
    await stack("slow", 'health: { path: "/", startup: "25 s" }');
    await project.edit("stacks/dev.ts", 'patience: "5 s", ', "");
    expect((await project.json<ClusterStatus>("up")).state).toBe("ok");
  });
});
