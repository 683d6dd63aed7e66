import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker } from "../support/containers.ts";
import { inventory } from "../support/docker-inventory.ts";
import { Project } from "../support/project.ts";
import { after } from "../support/run-load.ts";

/*
 * The days when it goes wrong: a run is killed, the state is lost, a port is taken, somebody else is there. Each must leave
 * a clear word and a way out that works.
 */

let before: Awaited<ReturnType<typeof inventory>>;
const projects: Project[] = [];
const owners: string[] = [];

beforeAll(async () => {
  before = await inventory([]);
});

afterAll(async () => {
  for (const project of projects) {
    await project.run("down");
    await project.remove();
  }
  expect(await inventory(owners)).toEqual(before);
});

/** A checkout with a small cluster: one node and one balancer are enough to go wrong. */
async function smallProject(): Promise<Project> {
  const project = await Project.create();
  projects.push(project);
  await project.write(
    "stacks/dev.ts",
    `import { defineStack } from "../components/model/define.ts";
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 1 },
  pools: { web: { active: 2 } },
});
`,
  );
  owners.push(await ownerOf(project));
  return project;
}

const containersOf = async (owner: string) =>
  (await docker.listContainers({ all: true, filters: { label: [`hotspare.owner=${owner}`] } })).map(
    ({ Names }) => Names[0],
  );

const ownerOf = async (project: Project) =>
  (JSON.parse((await project.run("plan", "--no-files", "--json")).stdout) as { plan: { owner: string } }).plan
    .owner;

/** Waits until a project has some containers on the engine. */
async function untilContainers(owner: string, count: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await containersOf(owner)).length >= count) return;
    await after(50);
  }
  throw new Error(`${count} containers of ${owner} never came`);
}

describe("killed in the middle of `up`", () => {
  it("goes on with the next `up`, over the stale lock and what was left behind", async () => {
    const project = await smallProject();
    const owner = await ownerOf(project);
    const running = project.start("up");
    await untilContainers(owner, 2);
    const { pulumi } = await killAll(running.pid ?? 0);
    await running;
    expect(pulumi).toBeGreaterThan(0);

    const next = await project.json<ClusterStatus>("up");
    expect(next.state).toBe("ok");
    expect((await project.run("down")).exitCode).toBe(0);
    expect(await containersOf(owner)).toEqual([]);
  });

  it("is cleaned up by `down` alone as well", async () => {
    const project = await smallProject();
    const owner = await ownerOf(project);
    const running = project.start("up");
    await untilContainers(owner, 2);
    await killAll(running.pid ?? 0);
    await running;
    const down = await project.run("down");
    expect(down.exitCode, down.stderr).toBe(0);
    expect(await containersOf(owner)).toEqual([]);
  });

  it("stops in an orderly way on Ctrl-C, says how to go on, and keeps the state", async () => {
    const project = await smallProject();
    const owner = await ownerOf(project);
    const running = project.start("up");
    await untilContainers(owner, 1);
    process.kill(running.pid ?? 0, "SIGINT");
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(130);
    expect(String(stderr)).toContain("interrupted; the state is saved");
    expect((await project.json<ClusterStatus>("up")).state).toBe("ok");
  });
});

describe("the state is lost", () => {
  it("`up` refuses to touch what serves, and `down` finds it by its labels", async () => {
    const project = await smallProject();
    const { owner, state } = await project.json<ClusterStatus>("up");
    expect(state).toBe("ok");
    await project.loseState();
    const up = await project.run("up");
    expect(up.exitCode).toBe(1);
    expect(up.stderr).toContain("the state was lost");
    expect(up.stderr).toContain("./hotspare down dev");
    expect(await containersOf(owner)).toHaveLength(6);
    expect((await project.run("down")).exitCode).toBe(0);
    expect(await containersOf(owner)).toEqual([]);
  });
});

describe("somebody else is there", () => {
  it("two people with a stack of one name don't meet, and one's `down` leaves the other's alone", async () => {
    const [mine, theirs] = [await smallProject(), await smallProject()];
    const [first, second] = [await mine.json<ClusterStatus>("up"), await theirs.json<ClusterStatus>("up")];
    expect(first.owner).not.toBe(second.owner);
    expect(first.url).not.toBe(second.url);
    expect((await mine.run("down")).exitCode).toBe(0);
    expect(await containersOf(second.owner)).toHaveLength(6);
    expect((await fetch(second.url ?? "")).status).toBe(200);
  });

  it("a taken port is named before anything is made", async () => {
    const project = await smallProject();
    const taken = await listen();
    const { port } = taken.address() as { port: number };
    await project.edit("stacks/dev.ts", "count: 1", `count: 1, door: { http: ${port} }`);
    const up = await project.run("up");
    taken.close();
    expect(up.exitCode).toBe(1);
    expect(up.stderr).toContain(`balancer.door.http: port ${port} on 127.0.0.1 is taken by another program`);
    expect(await containersOf(await ownerOf(project))).toEqual([]);
  });

  it("a taken subnet is named, with the network that has it", async () => {
    const other = await docker.createNetwork({
      Name: `hotspare-test-${process.pid}`,
      IPAM: { Driver: "default", Config: [{ Subnet: "10.63.0.0/24" }] },
    });
    const project = await smallProject();
    await project.edit("stacks/dev.ts", "pools:", 'network: { subnet: "10.63.0.0/23" },\n  pools:');
    const up = await project.run("up");
    await other.remove();
    expect(up.exitCode).toBe(1);
    expect(up.stderr).toContain(
      `network.subnet: 10.63.0.0/23 overlaps 10.63.0.0/24 of the Docker network "hotspare-test-${process.pid}"`,
    );
  });
});

describe("wrong stacks and words", () => {
  it("tells every problem of a stack before any engine starts, with exit code 3", async () => {
    const project = await smallProject();
    await project.edit("stacks/dev.ts", "active: 2", 'active: 200, weights: { "web-300": 2 }');
    const up = await project.run("up");
    expect(up.exitCode).toBe(3);
    expect(up.stderr).toContain("pools.web.active: 200 active nodes");
    expect(up.stderr).toContain('pools.web.weights.web-300: the pool has no node "web-300"');
  });

  it.each([
    ["an unknown stack", ["up", "nowhere"], 6],
    ["an unknown option", ["up", "--nope"], 2],
    ["a stack that doesn't run", ["status", "dev"], 6],
  ] as const)("%s has its own exit code", async (_, [verb, ...args], code) => {
    const project = await smallProject();
    expect((await project.run(verb, ...args)).exitCode).toBe(code);
  });
});

function listen(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** Kills a verb and everything that it started, as a power cut would; tells how many of those were the engine's. */
async function killAll(pid: number): Promise<{ pulumi: number }> {
  const processes = new Map<number, { parent: number; name: string }>();
  for (const entry of await readdir("/proc")) {
    const stat = /^\d+$/.test(entry) ? await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "") : "";
    const fields = /^\d+ \((.*)\) \S (\d+)/.exec(stat);
    if (fields !== null) processes.set(Number(entry), { name: fields[1] ?? "", parent: Number(fields[2]) });
  }
  const doomed = [pid];
  for (const candidate of doomed) {
    for (const [child, { parent }] of processes) if (parent === candidate) doomed.push(child);
  }
  for (const victim of doomed) {
    try {
      process.kill(victim, "SIGKILL");
    } catch {
      // Gone already, with its parent.
    }
  }
  return { pulumi: doomed.filter((victim) => processes.get(victim)?.name.startsWith("pulumi")).length };
}
