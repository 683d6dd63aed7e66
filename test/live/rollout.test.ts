import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker } from "../support/containers.ts";
import type { LoadResult } from "../support/load.ts";
import { Project } from "../support/project.ts";
import { after, runLoad } from "../support/run-load.ts";

/*
 * Changes by `up` under load: new nodes are made, proved and ramped up before the old ones go, and what fails its proof
 * never gets more than a small share. The tests build on each other.
 */

let project: Project;
let status: ClusterStatus;

const stack = (pool: string) => `import { defineStack } from "../components/model/define.ts";
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  rollout: { patience: "6 s", step: "2 s" },
  pools: { web: { active: 3, standby: { hot: 1, cold: 1 }, ${pool} } },
  routes: [{ path: "/", pool: "web", idempotent: true }],
});
`;

beforeAll(async () => {
  project = await Project.create();
  await cp(join(import.meta.dirname, "../fixtures/echo-node"), join(project.folder, "echo"), {
    recursive: true,
  });
  await project.write("stacks/dev.ts", stack(""));
  status = await project.json<ClusterStatus>("up");
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

const network = () => `dev-${status.owner.slice(0, 4)}-net`;
const url = () => `http://${status.virtualAddress.address}/`;

async function containers(): Promise<Map<string, string>> {
  const label = [`hotspare.owner=${status.owner}`];
  const found = await docker.listContainers({ all: true, filters: { label } });
  return new Map(found.map(({ Id, Names }) => [(Names[0] ?? "").replace(/^\/dev-[0-9a-f]{4}-/, ""), Id]));
}

type Totals = Pick<LoadResult, "sent" | "ok" | "failed"> & { nodes: string[] };

const upUnderLoad = () => underLoad("up", "--json");

/** Runs a verb while load is sent, for as long as it takes on this machine. */
async function underLoad(
  ...verb: [string, ...string[]]
): Promise<{ load: Totals; up: Awaited<ReturnType<Project["run"]>> }> {
  const loads: LoadResult[] = [];
  let running = true;
  const load = async () => {
    while (running) loads.push(await runLoad(network(), { url: url(), rps: 150, seconds: 6, post: 0.2 }));
  };
  const upping = after(1500)
    .then(() => project.run(...verb))
    .finally(() => {
      running = false;
    });
  const [up] = await Promise.all([upping, load()]);
  const failed: Record<string, number> = {};
  for (const [reason, count] of loads.flatMap((result) => Object.entries(result.failed))) {
    failed[reason] = (failed[reason] ?? 0) + count;
  }
  const total = (of: (result: LoadResult) => number) => loads.reduce((sum, result) => sum + of(result), 0);
  const nodes = [...new Set(loads.flatMap((result) => Object.keys(result.nodes)))];
  return { up, load: { sent: total(({ sent }) => sent), ok: total(({ ok }) => ok), failed, nodes } };
}

describe("rolling changes", () => {
  it("replace every node under load without a failed request, and leave no old one behind", async () => {
    const old = await containers();
    await project.write("stacks/dev.ts", stack('environment: { RELEASE: "2" }'));
    const { load, up } = await upUnderLoad();
    expect(up.exitCode, up.stderr).toBe(0);
    expect(load.failed).toEqual({});
    expect(load.ok).toBeGreaterThanOrEqual(900);
    const now = await containers();
    expect([...now.keys()].filter((name) => /^(lb|web|door)/.test(name)).sort()).toEqual(
      ["door", "lb-1", "lb-2", "web-1-g1", "web-2-g1", "web-3-g1", "web-cold-1-g1", "web-hot-1-g1"].sort(),
    );
    expect(now.get("lb-1")).toBe(old.get("lb-1"));
    expect(now.get("lb-2")).toBe(old.get("lb-2"));
  });

  it("show no change afterwards", async () => {
    const { changes } = await project.json<{ changes: Record<string, number> }>("up");
    expect(Object.keys(changes).filter((op) => !["same", "refresh"].includes(op))).toEqual([]);
  });

  it("refuse new nodes that never get well, name the reason, and leave the old ones serving", async () => {
    await project.write(
      "stacks/dev.ts",
      stack('environment: { RELEASE: "3" }, health: { path: "/no-such-path" }'),
    );
    const { load, up } = await upUnderLoad();
    expect(up.exitCode).toBe(1);
    expect(up.stderr).toMatch(
      /web-\S+ does not pass its health check at http:.*\/no-such-path within 6 s, the time of rollout\.patience in which a node has to start \(HTTP 404\)/,
    );
    expect(load.failed).toEqual({});
  });

  it("gate again with the next `up` instead of rolling on", async () => {
    const again = await project.run("up");
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain("does not pass its health check");
    expect((await fetch(status.url ?? "")).status).toBe(200);
  });

  it("take a release that answers nothing but errors out again after a small share of the requests", async () => {
    await project.edit(
      "echo/server.mjs",
      'response.writeHead(200, { "content-type": "application/json" });',
      'response.writeHead(request.url === "/healthz" ? 200 : 500);',
    );
    await project.write(
      "stacks/dev.ts",
      stack('image: { kind: "build", context: "./echo" }, health: { path: "/healthz" }'),
    );
    const { load, up } = await upUnderLoad();
    expect(up.exitCode).toBe(1);
    expect(up.stderr).toMatch(/the new nodes answered \d+ of \d+ requests with 5xx/);
    const errors = Object.values(load.failed).reduce((sum, count) => sum + count, 0);
    expect(errors).toBeGreaterThan(0);
    expect(errors / load.sent).toBeLessThan(0.02);
    expect(load.nodes).toEqual(expect.arrayContaining(["web-1", "web-2", "web-3"]));
  });

  it("can be refused more often than a node has addresses", async () => {
    for (const release of ["a", "b", "c"]) {
      const health = 'health: { path: "/no-such-path" }';
      await project.write("stacks/dev.ts", stack(`environment: { RELEASE: "${release}" }, ${health}`));
      const refused = await project.run("up");
      expect(refused.stderr).toContain("does not pass its health check");
    }
    expect((await fetch(status.url ?? "")).status).toBe(200);
  });

  it("can be taken back to the last stack that stood, previewed first", async () => {
    const preview = await project.run("rollback");
    expect(preview.exitCode).toBe(2);
    expect(preview.stdout).toContain("RELEASE=2");
    const { load, up: rollback } = await underLoad("rollback", "--json");
    expect(rollback.exitCode, rollback.stderr).toBe(0);
    expect(rollback.stderr).toContain("Its stack file still says otherwise");
    expect(load.failed).toEqual({});
    expect((JSON.parse(rollback.stdout) as ClusterStatus).state).toBe("ok");
  });

  it("mend with a good release: the bad ones and the old ones are gone", async () => {
    await project.write("stacks/dev.ts", stack('environment: { RELEASE: "4" }'));
    const { load, up } = await upUnderLoad();
    expect(up.exitCode, up.stderr).toBe(0);
    expect(load.failed).toEqual({});
    const names = [...(await containers()).keys()].filter((name) => name.startsWith("web-"));
    expect(names).toHaveLength(5);
    expect((JSON.parse(up.stdout) as ClusterStatus).state).toBe("ok");
  });
});
