import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEvent, type WardenLogEvent } from "../../scripts/events/sentence.ts";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker, exec, machineOf } from "../support/containers.ts";
import { Project } from "../support/project.ts";
import { after, runLoad } from "../support/run-load.ts";

/*
 * The wardens of a real cluster, with a short calm. The tests build on each other; each ends with all as planned.
 */

type Up = ClusterStatus & { changes: Record<string, number> };

let project: Project;
let up: Up;

beforeAll(async () => {
  project = await Project.create();
  await project.edit("stacks/dev.ts", "pools: {", 'warden: { calm: "2 s" },\n  pools: {');
  up = await project.json<Up>("up");
});

afterAll(async () => {
  await project.run("down");
  await project.remove();
});

const machine = (key: string) => machineOf(up.owner, key);

/** Kills machines; the moment when the last of them was gone, as the engine saw it. */
async function kill(...keys: string[]): Promise<number> {
  const ends = keys.map(async (key) => {
    const container = await machine(key);
    await container.kill();
    return Date.parse((await container.inspect()).State.FinishedAt);
  });
  return Math.max(...(await Promise.all(ends)));
}
const status = async () => JSON.parse((await project.run("status", "--json")).stdout) as ClusterStatus;
const isRunning = async (key: string) => (await (await machine(key)).inspect()).State.Running;
const load = (seconds: number) =>
  runLoad(`dev-${up.owner.slice(0, 4)}-net`, {
    url: `http://${up.virtualAddress.address}/`,
    rps: 200,
    seconds,
  });

async function control(balancer: string, method: string, path: string, body = ""): Promise<string> {
  const socket = ["--unix-socket", "/run/hotspare-desired/control.sock"];
  const asked = ["curl", "-s", "-X", method, "--data-binary", body, ...socket, `http://control${path}`];
  return (await exec(await machine(balancer), ...asked)).stdout;
}

async function until(what: string, patience: number, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patience; !(await holds()); await after(100))
    if (Date.now() > end) throw new Error(`after ${patience} ms still not: ${what}`);
}

/** All that the wardens have told since a moment, in order. */
async function told(since: number): Promise<WardenLogEvent[]> {
  const { stdout } = await project.run("events", "--json", "--tail", "1000");
  return stdout
    .split("\n")
    .flatMap((line) => parseEvent(line) ?? [])
    .filter(({ time }) => Date.parse(time) >= since);
}

const asPlanned = () =>
  until("all as planned", 30_000, async () => {
    const { state, machines } = await status();
    return (
      state === "ok" &&
      machines.every(({ promoted, role, running }) => !promoted && (role !== "cold" || !running))
    );
  });

describe("the wardens", () => {
  it("let the hot standby serve within 400 ms of a kill under load, lose no GET, and bring the node back", async () => {
    const [result, killed] = await Promise.all([load(6), after(3000).then(() => kill("web-2"))]);
    expect(result.failed).toEqual({});
    expect(result.nodes["web-hot-1"]).toBeGreaterThan(10);
    // The balancers may see it before the engine does.
    const promoted = (await told(killed - 1000)).find(
      ({ event, node }) => event === "promote" && node === "web-hot-1",
    );
    expect(Date.parse(promoted?.time ?? "") - killed).toBeLessThan(400);
    await asPlanned();
    expect(await isRunning("web-2")).toBe(true);
  });

  it("start the cold standby when two nodes are lost: it serves within 3 s, and is switched off when they are back", async () => {
    const [result, killed] = await Promise.all([load(8), after(3000).then(() => kill("web-1", "web-3"))]);
    expect(result.failed).toEqual({});
    const events = await told(killed);
    const serves = events.find(({ event, node }) => event === "back" && node === "web-cold-1");
    expect(Date.parse(serves?.time ?? "") - killed).toBeLessThan(3000);
    expect(result.nodes["web-cold-1"]).toBeGreaterThan(10);
    await asPlanned();
    expect((await told(killed)).some(({ event, node }) => event === "stop" && node === "web-cold-1")).toBe(
      true,
    );
  });

  it("go on where they were when both are killed half-way, state lost and garbled", async () => {
    await kill("web-2");
    await until("web-hot-1 serves", 3000, async () =>
      (await status()).machines.some(({ key, promoted }) => key === "web-hot-1" && promoted),
    );
    for (const key of ["warden-1", "warden-2"]) {
      const warden = await machine(key);
      await exec(warden, "sh", "-c", "echo garbled > /var/lib/warden/state.json");
      await warden.kill();
      await warden.start();
    }
    await asPlanned();
  });

  it("find their overlay again after a restart of the balancer, and write a new one when its file is garbled", async () => {
    const file = "/var/lib/hotspare/state/overlay.json";
    const overlayOf = async (balancer: string) => JSON.parse(await control(balancer, "GET", "/overlay"));
    const restart = async (balancer: string, ...before: string[]) => {
      const container = await machine(balancer);
      if (before.length > 0) await exec(container, ...before);
      await container.kill();
      await container.start();
      await until("it answers", 10_000, async () => (await control(balancer, "GET", "/nginx")) !== "");
    };
    await (await machine("web-3")).pause();
    await until("web-hot-1 serves", 5000, async () => "web-hot-1" in (await overlayOf("lb-2")).members);
    const warden = await machine("warden-2");
    await warden.pause();
    try {
      const { revision } = await overlayOf("lb-2");
      await restart("lb-2");
      expect(await overlayOf("lb-2")).toMatchObject({
        revision,
        members: { "web-hot-1": { role: "active" } },
      });
      // By way of another file: root has no right there to write to one that nginx's worker made.
      await restart("lb-2", "sh", "-c", `echo garbled > ${file}.new && mv ${file}.new ${file}`);
      expect(await overlayOf("lb-2")).toMatchObject({ revision: 0 });
    } finally {
      await warden.unpause();
    }
    await until("web-hot-1 serves again", 5000, async () => "web-hot-1" in (await overlayOf("lb-2")).members);
    await asPlanned();
  });

  it("start, stop and demote nobody while a lease is live, and do when it has ended by itself", async () => {
    const lease = JSON.stringify({ holder: "a test", seconds: 20 });
    for (const balancer of ["lb-1", "lb-2"]) await control(balancer, "PUT", "/lease", lease);
    await kill("web-2");
    await after(5000);
    expect(await isRunning("web-2")).toBe(false);
    const now = await status();
    expect(now.lease?.holder).toBe("a test");
    expect(now.machines.find(({ key }) => key === "web-hot-1")?.promoted).toBe(true);
    await asPlanned();
  });

  it("aren't undone by an `up` in the middle of a failover", async () => {
    const begun = Date.now();
    await (await machine("web-3")).pause();
    await until("web-hot-1 serves", 5000, async () =>
      (await status()).machines.some(({ key, promoted }) => key === "web-hot-1" && promoted),
    );
    await project.edit("stacks/dev.ts", "active: 3", "active: 4");
    await project.run("up", "--no-refresh");
    await asPlanned();
    expect((await status()).machines.find(({ key }) => key === "web-4")?.inRotation).toBe(true);
    // It served until web-3 was well again, all through the `up`.
    const timeOf = (name: string, key: string) =>
      events.find(({ event, node, leader }) => leader && event === name && node === key)?.time ?? "";
    const events = await told(begun);
    expect(events.some(({ event, why }) => event === "lease" && why.includes("nothing is started"))).toBe(
      true,
    );
    expect(timeOf("demote", "web-hot-1") > timeOf("back", "web-3")).toBe(true);
  });

  it("go by way of a filter that knows nobody else's containers, and take no change from a TCP port", async () => {
    const warden = await machine("warden-1");
    const others = await docker.listContainers({ all: true });
    const foreign = others.find(({ Labels }) => Labels["hotspare.owner"] !== up.owner)?.Id ?? "0".repeat(64);
    const balancer = (await machine("lb-1")).id;
    const ask = async (method: string, path: string) => {
      const script = `require("http").request({socketPath:"/run/filter/docker.sock",method:"${method}",path:"${path}"},(r)=>{console.log(r.statusCode);r.resume()}).end()`;
      return (await exec(warden, "node", "-e", script)).stdout.trim();
    };
    expect(await ask("GET", "/containers/json?all=1")).toBe("200");
    expect(await ask("POST", `/containers/${foreign}/stop`)).toBe("403");
    expect(await ask("GET", `/containers/${foreign}/json`)).toBe("403");
    expect(await ask("POST", `/containers/${balancer}/stop`)).toBe("403");
    expect(await ask("POST", "/containers/create")).toBe("403");
    const byTcp = await exec(
      await machine("lb-1"),
      "curl",
      "-s",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "-X",
      "DELETE",
      "http://127.0.0.1:9180/lease",
    );
    expect(byTcp.stdout).toBe("403");
  });

  it("are the same to the next `up`, and tell Prometheus", async () => {
    const again = await project.json<Up>("up");
    expect(Object.keys(again.changes).filter((op) => !["same", "refresh"].includes(op))).toEqual([]);
    const address = again.machines.find(({ key }) => key === "warden-1")?.address;
    const metrics = await (await fetch(`http://${address}:9181/metrics`)).text();
    expect(metrics).toMatch(/hotspare_warden_leader\{cluster="dev",warden="warden-1"\} [01]/);
  });

  it("do no harm when both lead: each lets the standby serve, one starts the node, nobody else is touched", async () => {
    const machines = (await status()).machines;
    const addressOf = (key: string) => machines.find((one) => one.key === key)?.address ?? "";
    const balancers = ["lb-1", "lb-2"] as const;
    const each = (command: (peer: string) => string[]) =>
      Promise.all(
        balancers.map(async (key) => {
          const peer = addressOf(balancers.find((other) => other !== key) ?? "");
          await exec(await machine(key), "ip", "neighbour", ...command(peer));
        }),
      );
    const others = ["web-1", "web-3", "web-hot-1", "web-cold-1"];
    const starts = () =>
      Promise.all(others.map(async (key) => (await (await machine(key)).inspect()).State.StartedAt));
    const before = await starts();
    const since = Date.now();
    await each((peer) => ["replace", peer, "lladdr", "02:00:00:00:00:01", "dev", "eth0", "nud", "permanent"]);
    try {
      await until("both have the address", 5000, async () => {
        const told = await Promise.all(balancers.map((key) => control(key, "GET", "/status")));
        return told.every((text) => JSON.parse(text).holdsVirtualAddress);
      });
      await kill("web-2");
      await until("both let the standby serve", 5000, async () => {
        const told = await Promise.all(balancers.map((key) => control(key, "GET", "/overlay")));
        return told.every((text) => JSON.parse(text).members["web-hot-1"]?.role === "active");
      });
      await until("web-2 runs again", 20_000, () => isRunning("web-2"));
      await after(1000);
    } finally {
      await each((peer) => ["flush", "to", peer, "dev", "eth0", "nud", "permanent"]);
    }
    await asPlanned();
    const events = await told(since);
    const acts = events.filter(({ event }) => ["start", "stop", "restart", "unpause"].includes(event));
    expect(new Set(acts.map(({ event, node, leader }) => `${event} ${node} ${leader}`))).toEqual(
      new Set(["start web-2 true"]),
    );
    expect(new Set(acts.map(({ warden }) => warden)).size, "both led").toBe(2);
    expect(events.filter(({ event }) => event === "start-done").length, "one start did it").toBe(1);
    const promotions = events.filter(({ event }) => event === "promote");
    expect(promotions.map(({ warden, node }) => `${warden} ${node}`).sort()).toEqual([
      "warden-1 web-hot-1",
      "warden-2 web-hot-1",
    ]);
    expect(await starts()).toEqual(before);
  });
});
