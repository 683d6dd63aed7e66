import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineStack } from "../../components/model/define.ts";
import { runtimeImages } from "../../infra/images.ts";
import { projectRoot } from "../../infra/project-root.ts";
import { intoPool, kindOf } from "../../scripts/ephemeral/pool.ts";
import { processesOf } from "../../scripts/ephemeral/processes.ts";
import { folderOf, known, names } from "../../scripts/ephemeral/store.ts";
import { readSource } from "../../scripts/ephemeral/surroundings.ts";
import { attachCluster, startCluster, type TestCluster } from "../../scripts/ephemeral/testing.ts";
import { pack } from "../../scripts/pack/pack.ts";
import { docker } from "../support/containers.ts";
import { until } from "../support/until.ts";

/*
 * Clusters for a while, by the API that tests use and by the command. They are in a state folder of this file's own, so the reaper is
 * this file's as well.
 */

const trial = defineStack({
  name: "trial",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 2 },
  pools: { web: { active: 2, standby: { hot: 1 } } },
  routes: [{ path: "/", pool: "web" }],
});

let folder: string;
let before: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotspare-ephemeral-"));
  before = process.env.XDG_STATE_HOME;
  process.env.XDG_STATE_HOME = folder;
});

afterAll(async () => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  await rm(folder, { recursive: true, force: true });
});

const labelled = async (owner: string) => {
  const filters = { label: [`hotspare.owner=${owner}`] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters: JSON.stringify(filters) as never }),
  ]);
  return containers.length + networks.length + (volumes ?? []).length;
};

describe("a test's cluster", () => {
  let cluster: TestCluster;
  let owner: string;
  const answers = async () => (await fetch(cluster.url, { signal: AbortSignal.timeout(30_000) })).status;

  beforeAll(async () => {
    cluster = await startCluster(trial, { ttl: "20m" });
    owner = known(cluster.name).owner;
  });

  afterAll(async () => {
    await cluster.down();
    expect(await labelled(owner)).toBe(0);
    expect(names()).not.toContain(cluster.name);
  });

  it("answers, and has the machines of its stack", async () => {
    expect(await answers()).toBe(200);
    expect(cluster.nodes.map(({ key }) => key)).toEqual(["web-1", "web-2", "web-hot-1"]);
    expect(cluster.balancers.map(({ key }) => key)).toEqual(["lb-1", "lb-2"]);
    expect((await cluster.status()).state).toBe("ok");
  });

  it("serves on while a node is killed, and says so", async () => {
    await cluster.machine("web-1").kill();
    for (let request = 0; request < 20; request++) expect(await answers()).toBe(200);
    // By what the wardens say: a status may come when it runs again already.
    await until(
      "a warden has started it again",
      async () => /start of web-1 is done/.test(await cluster.command("events")),
      120_000,
    );
    await cluster.waitFor();
  });

  it("has nodes that can be frozen, looked into and asked", async () => {
    const node = cluster.machine("web-2");
    await node.freeze();
    expect(await answers()).toBe(200);
    await node.thaw();
    expect((await node.exec("hostname")).stdout.trim()).toBe("web-2");
    expect((await node.exec("false")).exitCode).toBe(1);
    expect(typeof (await node.logs(5))).toBe("string");
    expect(() => cluster.machine("web-9")).toThrow("it has");
  });

  it("is scaled by a real up", async () => {
    await cluster.scale(3);
    expect(cluster.nodes.map(({ key }) => key)).toContain("web-3");
    expect(await answers()).toBe(200);
  });

  it("is paused and goes on", async () => {
    await cluster.pause();
    await expect(fetch(cluster.url, { signal: AbortSignal.timeout(500) })).rejects.toThrow();
    await cluster.resume();
    await until("it answers again", async () => (await answers()) === 200, 5000);
  });

  it("is found by its name from another process", async () => {
    expect((await attachCluster(cluster.name)).url).toBe(cluster.url);
  });

  it("waits in the pool for whoever wants such a cluster next", async () => {
    const { name, stack } = known(cluster.name);
    await intoPool(known(name), kindOf(stack, readSource(folderOf(name))));
    const wanted = { ...trial, pools: { web: { active: 3, standby: { hot: 1 } } } };
    expect((await startCluster(wanted, { ttl: "20m" })).name).toBe(cluster.name);
    expect(await answers()).toBe(200);
  });

  it("stands beside that of a project which has the kit as a package, and tests an API client with it", async () => {
    const project = join(folder, "api-client");
    await install(project);
    // Of the same bytes, so of the same names: nothing is built a second time.
    const packed = await import(join(project, "node_modules/hotspare/infra/images.js"));
    expect(packed.runtimeImages()).toMatchObject(runtimeImages().map(({ ref }) => ({ ref })));
    const typed = await execa("tsc", ["--noEmit"], { cwd: project, preferLocal: true, reject: false });
    expect(typed.stdout).toBe("");
    const tested = await execa("vitest", ["run"], {
      cwd: project,
      preferLocal: true,
      reject: false,
      all: true,
    });
    expect(tested.exitCode, tested.all).toBe(0);
    expect(await answers()).toBe(200);
  });
});

/** A copy of the example with the packed kit among its packages; all others are this checkout's. */
async function install(project: string): Promise<void> {
  await cp(join(projectRoot, "stacks/examples/api-client"), project, { recursive: true });
  const [archive, packages] = [await pack(folder), join(project, "node_modules")];
  await mkdir(join(packages, "hotspare"), { recursive: true });
  await execa("tar", ["-xzf", archive, "-C", join(packages, "hotspare"), "--strip-components=1"]);
  for (const name of await readdir(join(projectRoot, "node_modules")))
    await symlink(join(projectRoot, "node_modules", name), join(packages, name));
}

describe("./hotspare ephemeral", () => {
  const start = (...args: string[]) =>
    spawn(process.execPath, ["scripts/cli.ts", "ephemeral", ...args], { cwd: projectRoot, stdio: "ignore" });

  it("leaves nothing behind when it is killed in the middle", async () => {
    const up = start("up", "dev", "--ttl", "10m", "--name", "killed");
    const owner = async () => known("killed").owner;
    await until("it is recorded", async () => names().includes("killed") && (await owner()) !== "", 60_000);
    const its = await owner();
    const place = folderOf("killed");
    // The engine is at it: something is there already, and more is coming.
    await until("something of it is there", async () => (await labelled(its)) > 3, 120_000);
    up.kill("SIGKILL");
    await until("it is gone", () => !names().includes("killed"), 10_000);
    expect(await labelled(its)).toBe(0);
    expect(processesOf(place)).toEqual([]);
    expect(await readFile(join(folder, "hotspare/ephemeral/reaper.log"), "utf8")).toContain(
      "killed: removed",
    );
  });
});
