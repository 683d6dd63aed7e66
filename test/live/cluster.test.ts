import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HistoryEntry } from "../../scripts/history/read.ts";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker } from "../support/containers.ts";
import { inventory } from "../support/docker-inventory.ts";
import { Project } from "../support/project.ts";
import { after, runLoad } from "../support/run-load.ts";

/*
 * The whole thing, for real: engine, Docker, nginx, keepalived. One cluster, from `up` to `down`, as a person would do it.
 * The tests build on each other.
 */

type Up = ClusterStatus & { changes: Record<string, number> };

let project: Project;
let before: Awaited<ReturnType<typeof inventory>>;
let up: Up;

beforeAll(async () => {
  before = await inventory([]);
  project = await Project.create();
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

const ids = async (): Promise<Map<string, string>> => {
  const found = await docker.listContainers({
    all: true,
    filters: { label: [`hotspare.owner=${up.owner}`] },
  });
  return new Map(found.map(({ Id, Labels }) => [Labels["hotspare.key"] ?? "", Id]));
};

const network = () => `dev-${up.owner.slice(0, 4)}-net`;
const inside = () => `http://${up.virtualAddress.address}/`;

async function kill(key: string): Promise<void> {
  const id = (await ids()).get(key);
  if (id === undefined) throw new Error(`there is no ${key}`);
  await docker.getContainer(id).kill();
}

/** One call from the host: null when it is answered 200, else what came instead. */
async function call(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.text();
    return response.status === 200 ? null : String(response.status);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Calls a URL again and again for some time. */
async function watch(url: string, milliseconds: number): Promise<{ asked: number; failed: string[] }> {
  const outcomes: (string | null)[] = [];
  for (const end = Date.now() + milliseconds; Date.now() < end; ) {
    outcomes.push(await call(url));
    await after(10);
  }
  return { asked: outcomes.length, failed: outcomes.filter((outcome) => outcome !== null) };
}

describe("the dev cluster", () => {
  it("stands after one command, complete and answering", async () => {
    up = await project.json<Up>("up");
    expect(up.state).toBe("ok");
    expect(up.machines.map(({ key, role }) => `${key} ${role}`)).toEqual([
      "lb-1 balancer",
      "lb-2 balancer",
      "web-1 active",
      "web-2 active",
      "web-3 active",
      "web-hot-1 hot",
      "web-cold-1 cold",
      "door door",
      "warden-1 warden",
      "warden-2 warden",
      "filter filter",
    ]);
    expect(up.machines.find(({ key }) => key === "web-cold-1")?.state).toBe("created");
  });

  it("answers 200 at its URL on the host, from every active node in turn", async () => {
    const nodes = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const response = await fetch(up.url ?? "");
      expect(response.status).toBe(200);
      nodes.add(((await response.json()) as { node: string }).node);
    }
    expect([...nodes].sort()).toEqual(["web-1", "web-2", "web-3"]);
  });

  it("shows no change at all when `up` is run again", async () => {
    const again = await project.json<Up>("up");
    expect(Object.keys(again.changes).filter((op) => !["same", "refresh"].includes(op))).toEqual([]);
  });

  it("previews nothing by plain pulumi either", async () => {
    const preview = await project.run(
      "pulumi",
      "preview",
      "-s",
      "dev",
      "--expect-no-changes",
      "--non-interactive",
    );
    expect(preview.stderr + preview.stdout).toContain("unchanged");
    expect(preview.exitCode).toBe(0);
  });

  it("loses no GET of 200 a second when an active node is killed", async () => {
    const [result] = await Promise.all([
      runLoad(network(), { url: inside(), rps: 200, seconds: 5 }),
      after(2500).then(() => kill("web-2")),
    ]);
    expect(result.failed).toEqual({});
    expect(result.ok).toBe(1000);
  });

  it("is back within a second when the balancer that holds the address is killed, and its door never closes", async () => {
    const status = JSON.parse((await project.run("status", "--json")).stdout) as ClusterStatus;
    const holder = status.virtualAddress.holder ?? "nobody";
    const [result, door] = await Promise.all([
      runLoad(network(), { url: inside(), rps: 200, seconds: 5, fresh: true }),
      watch(up.url ?? "", 5000),
      after(2500).then(() => kill(holder)),
    ]);
    expect(result.longestGap).toBeLessThan(1000);
    expect(door.failed).toEqual([]);
    expect(door.asked).toBeGreaterThan(100);
  });

  it("scales 3 → 5: the killed run again, the survivors' containers stay, all five answer", async () => {
    const old = await ids();
    await project.edit("stacks/dev.ts", "active: 3", "active: 5");
    up = await project.json<Up>("up");
    expect(up.state).toBe("ok");
    const now = await ids();
    for (const key of ["lb-1", "lb-2", "web-1", "web-2", "web-3", "web-hot-1", "web-cold-1"]) {
      expect(now.get(key), key).toBe(old.get(key));
    }
    const result = await runLoad(network(), { url: inside(), rps: 100, seconds: 2 });
    expect(Object.keys(result.nodes).sort()).toEqual(["web-1", "web-2", "web-3", "web-4", "web-5"]);
  });

  it("remembers what that was, and who did it", async () => {
    const { entries } = await project.json<{ entries: HistoryEntry[] }>("history", "dev", "--limit", "1");
    expect(entries[0]).toMatchObject({
      kind: "update",
      result: "succeeded",
      by: expect.stringContaining("@"),
    });
    expect(entries[0]?.summary.join("\n")).toContain("3 → 5 active nodes");
  });

  it("takes new weights without a reload and without replacing anything, and keeps to them", async () => {
    const old = await ids();
    const workers = await nginxWorkers();
    await project.edit("stacks/dev.ts", "active: 5,", 'active: 5, weights: { "web-1": 4 },');
    const changed = await project.json<Up>("up");
    expect(changed.changes).toMatchObject({ update: 2 });
    expect(await ids()).toEqual(old);
    expect(await nginxWorkers()).toEqual(workers);
    const result = await runLoad(network(), { url: inside(), rps: 200, seconds: 4 });
    expect((result.nodes["web-1"] ?? 0) / result.ok).toBeCloseTo(0.5, 1);
    expect((result.nodes["web-2"] ?? 0) / result.ok).toBeCloseTo(0.125, 1);
  });

  it("loses no GET while it shrinks 5 → 2 by `up`", async () => {
    await project.edit("stacks/dev.ts", 'active: 5, weights: { "web-1": 4 },', "active: 2,");
    const [result] = await Promise.all([
      runLoad(network(), { url: inside(), rps: 100, seconds: 14 }),
      after(500).then(() => project.json<Up>("up")),
    ]);
    expect(result.failed).toEqual({});
    expect([...(await ids()).keys()].sort()).toEqual([
      "door",
      "filter",
      "lb-1",
      "lb-2",
      "warden-1",
      "warden-2",
      "web-1",
      "web-2",
      "web-cold-1",
      "web-hot-1",
    ]);
  });

  it("leaves nothing behind after `down`", async () => {
    const result = await project.run("down");
    expect(result.stderr + result.stdout).toContain("Removed 10 containers");
    expect(result.exitCode).toBe(0);
    expect(await inventory([up.owner])).toEqual(before);
  });
});

/** Process ids of the nginx workers of both balancers: a reload would bring new ones. */
async function nginxWorkers(): Promise<string[]> {
  const found = await ids();
  const listings = ["lb-1", "lb-2"].map(async (key) => {
    const { Processes } = (await docker.getContainer(found.get(key) ?? "").top()) as {
      Processes: string[][];
    };
    return Processes.filter((line) => line.some((field) => field.includes("nginx: worker"))).map(
      (line) => line[1] ?? "",
    );
  });
  return (await Promise.all(listings)).flat().sort();
}
