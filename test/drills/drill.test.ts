import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../scripts/drill/report/document.ts";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker, exec } from "../support/containers.ts";
import { Project } from "../support/project.ts";
import { after } from "../support/run-load.ts";

/*
 * Drills for real, three quick ones, on a cluster of their own. What is tested is that the command measures and judges and leaves a
 * whole cluster behind; the figures are those of whatever machine this is.
 */

let project: Project;

beforeAll(async () => {
  project = await Project.create();
  // Standbys go back soon, so that the next drill need not wait for it.
  await project.edit("stacks/dev.ts", "pools: {", 'warden: { calm: "1 s" },\n  pools: {');
  await project.json("up");
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

const status = async () => JSON.parse((await project.run("status", "--json")).stdout) as ClusterStatus;

describe("drills", () => {
  it("pass when a node is killed, a node is frozen and the balancer with the address is killed", async () => {
    const report = await project.json<Report>("drill", "--only", "node-killed,node-frozen,balancer-killed");
    expect(report.drills.map(({ id, verdict }) => [id, verdict.kind])).toEqual([
      ["node-killed", "passed"],
      ["node-frozen", "passed"],
      ["balancer-killed", "passed"],
    ]);
    for (const { id, figures } of report.drills) {
      expect(figures?.unaccounted, id).toBe(0);
      expect(figures?.sent, id).toBeGreaterThan(800);
      expect(figures?.measures["doubled.post"], id).toBe(0);
    }
  });

  it("heal what is broken when they are interrupted, and leave no container behind", async () => {
    const running = project.start("drill", "--only", "node-frozen");
    const { owner } = await status();
    const paused = () =>
      docker.listContainers({ filters: { label: [`hotspare.owner=${owner}`], status: ["paused"] } });
    while ((await paused()).length === 0) await after(100);
    running.kill("SIGINT");
    const { exitCode, stderr } = await running;
    expect(String(stderr)).toContain("what the drill broke is healed");
    expect(exitCode).toBe(130);
    expect(await paused()).toEqual([]);
    const left = await docker.listContainers({
      all: true,
      filters: { label: [`hotspare.drill=${owner}/dev`] },
    });
    expect(left).toEqual([]);
  });

  it("refuse a cluster that isn't whole, and drills that aren't there", async () => {
    const unknown = await project.run("drill", "--only", "flood");
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain("there is no drill flood");
    const listed = await project.run("drill", "--list");
    expect(listed.stdout).toContain("node-frozen");
  });

  // The last: it takes the cluster away.
  it("end when the cluster is taken down: the wardens are told, and nothing is left", async () => {
    const { owner } = await status();
    const drill = [`hotspare.drill=${owner}/dev`];
    const [balancer] = await docker.listContainers({
      filters: { label: [`hotspare.owner=${owner}`, "hotspare.key=lb-1"] },
    });
    const running = project.start("drill", "--only", "node-slow");
    while ((await docker.listContainers({ filters: { label: drill } })).length === 0) await after(100);
    await after(3000);
    const going = project.start("down", "--json");
    const leases: string[] = [];
    const asked = ["curl", "-s", "--unix-socket", "/run/hotspare/control.sock", "http://control/lease"];
    const told = () => exec(docker.getContainer(balancer?.Id ?? ""), ...asked);
    let gone = false;
    while (!gone)
      await told().then(
        ({ stdout }) => leases.push(stdout),
        () => (gone = true),
      );
    const down = await going;
    expect(down.exitCode, String(down.stderr)).toBe(0);
    expect(leases.filter((lease) => lease.includes("hotspare down")).length).toBeGreaterThan(0);
    expect((await running).exitCode).not.toBe(0);
    for (const label of [drill, [`hotspare.owner=${owner}`]]) {
      expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
      expect(await docker.listNetworks({ filters: { label } })).toEqual([]);
    }
  });
});
