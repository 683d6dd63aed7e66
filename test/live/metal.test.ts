import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labServers } from "../../scripts/lab/lab.ts";
import { cutPower, fileOf, isOn, on, stateOf } from "../support/metal/lab.ts";
import { Project } from "../support/project.ts";
import { until } from "../support/until.ts";

/*
 * A stack on the servers of the lab, from nothing to nothing: by SSH, and a cold standby by management controllers. The tests build on
 * each other.
 */

const url = "http://10.78.60.10/";
const minutes = 60_000;

let project: Project;
let before: string[];

/** The node that answers, on a connection of its own. */
async function ask(): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3000), headers: { connection: "close" } });
  await response.text();
  if (!response.ok) throw new Error(String(response.status));
  return response.headers.get("x-node") ?? "";
}

/** Asks every 20 ms for as long as something takes. Gives what failed, and who answered. */
async function underLoad(work: () => Promise<unknown>) {
  const failed: string[] = [];
  const answered = new Set<string>();
  const open = new Set<Promise<void>>();
  let sent = 0;
  let over = false;
  const loop = (async () => {
    for (; !over; await sleep(20)) {
      sent += 1;
      const one: Promise<void> = ask()
        .then(
          (node) => void answered.add(node),
          (error: Error) => void failed.push(error.message),
        )
        .finally(() => open.delete(one));
      open.add(one);
    }
    await Promise.all(open);
  })();
  try {
    await work();
  } finally {
    over = true;
    await loop;
  }
  return { sent, failed, answered: [...answered].sort() };
}

/** What the wardens have told of one kind. */
async function eventsOf(kind: string): Promise<{ event: string; node?: string }[]> {
  const { stdout } = await project.run("events", "metal", "--json");
  const all = stdout.split("\n").filter((line) => line !== "");
  return all.map((line) => JSON.parse(line)).filter(({ event }) => event === kind);
}

async function up(): Promise<{ changes: Record<string, number> }> {
  return project.json("up", "metal");
}

beforeAll(async () => {
  project = await Project.create();
  expect(await project.run("lab", "up")).toMatchObject({ exitCode: 0 });
  before = await Promise.all(labServers.map(({ name }) => stateOf(name)));
}, 8 * minutes);

afterAll(async () => {
  await project.run("down", "metal");
  await project.run("lab", "down");
  await project.remove();
}, 3 * minutes);

describe("servers with management controllers", () => {
  it(
    "become a cluster whose virtual address answers from all of them",
    async () => {
      const { changes } = await up();
      // Four servers, eight machines, the configuration of two balancers.
      expect(changes.create).toBeGreaterThanOrEqual(14);
      const nodes = new Set<string>();
      await until("all nodes answer", async () => nodes.add(await ask()).size === 3);
      expect([...nodes].sort()).toEqual(["web-1", "web-2", "web-3"]);
      // Brought up, delivered to, and switched off again.
      expect(await isOn("lab-d")).toBe(false);
      expect(await project.run("status", "metal")).toMatchObject({ exitCode: 0 });
    },
    4 * minutes,
  );

  it(
    "are left alone by an up without a change",
    async () => {
      const { create = 0, update = 0, delete: removed = 0 } = (await up()).changes;
      expect({ create, update, removed }).toEqual({ create: 0, update: 0, removed: 0 });
      expect(await isOn("lab-d")).toBe(false);
    },
    2 * minutes,
  );

  it(
    "are told of by their controllers as well, also the one that is off",
    async () => {
      const { servers } = await project.json<{
        servers: {
          server: string;
          facts: object | null;
          controller: { power: string; facts: { serials: string[] } };
        }[];
      }>("inventory", "metal");
      expect(
        servers.map(({ server, facts, controller }) => [
          server,
          facts !== null,
          controller.power,
          controller.facts.serials[0],
        ]),
      ).toEqual([
        ["lab-a", true, "on", "LAB-A"],
        ["lab-b", true, "on", "LAB-B"],
        ["lab-c", true, "on", "LAB-C"],
        ["lab-d", false, "off", "LAB-D"],
      ]);
    },
    minutes,
  );

  it(
    "lose no GET when a node's power is cut at its controller: the cold standby is switched on by its own and serves",
    async () => {
      let took = 0;
      const { failed } = await underLoad(async () => {
        await cutPower("lab-c");
        const begun = performance.now();
        await until("the cold standby answers", async () => (await ask()) === "web-cold-1", 60_000);
        took = performance.now() - begun;
        // That it runs is no difference; that the other one doesn't is the only one.
        expect((await up()).changes).toMatchObject({ update: 1 });
        await until("the node answers again", async () => (await ask()) === "web-1", 30_000);
        await until("the standby is off again", async () => !(await isOn("lab-d")), 90_000);
      });
      expect(failed).toEqual([]);
      console.log(`a cold standby served ${Math.round(took)} ms after a node's power was cut`);
    },
    4 * minutes,
  );

  it(
    "lose no GET when a node is killed",
    async () => {
      const { failed, answered } = await underLoad(async () => {
        await sleep(500);
        await on("lab-c", "systemctl kill --signal=KILL hotspare-node.service");
        await sleep(3000);
      });
      expect(failed).toEqual([]);
      expect(answered).toEqual(["web-1", "web-2", "web-3"]);
    },
    minutes,
  );

  it(
    "have a hot standby after another up, which wardens let serve for a lost node until that is back",
    async () => {
      await project.edit(
        "stacks/metal.ts",
        "{ active: 3, standby: { cold: 1 } }",
        "{ active: 2, standby: { hot: 1, cold: 1 } }",
      );
      const { failed, answered } = await underLoad(async () => {
        await up();
        await on("lab-c", "systemctl stop hotspare-node.service");
        await until("the standby answers", async () => (await ask()) === "web-hot-1", 15_000);
        await on("lab-c", "systemctl start hotspare-node.service");
        await until("it has gone back", async () => (await eventsOf("demote")).length > 0, 60_000);
      });
      expect(failed).toEqual([]);
      expect(answered).toContain("web-hot-1");
      expect((await eventsOf("promote")).map(({ node }) => node)).toContain("web-hot-1");
    },
    4 * minutes,
  );

  it(
    "lose no GET when every node is changed in place, and one comes where another has to leave",
    async () => {
      await project.edit(
        "stacks/metal.ts",
        "{ active: 2, standby: { hot: 1, cold: 1 } }",
        '{ active: 3, standby: { cold: 1 }, environment: { COLOUR: "red" } }',
      );
      const { failed } = await underLoad(up);
      expect(failed).toEqual([]);
      expect(await on("lab-c", "cat /etc/hotspare/node.env")).toContain('COLOUR="red"');
      // The cold standby has it as well, though it is off again.
      expect(await isOn("lab-d")).toBe(false);
      expect(await fileOf("lab-d", "/etc/hotspare/node.env")).toContain('COLOUR="red"');
    },
    4 * minutes,
  );

  it(
    "are repaired by an up when somebody has changed a file or stopped a unit by hand",
    async () => {
      await on("lab-c", "echo 'COLOUR=\"blue\"' > /etc/hotspare/node.env");
      await on("lab-b", "systemctl stop hotspare-node.service");
      await up();
      expect(await on("lab-c", "cat /etc/hotspare/node.env")).toContain('COLOUR="red"');
      expect(await on("lab-b", "systemctl is-active hotspare-node.service")).toBe("active\n");
    },
    3 * minutes,
  );

  it(
    "keep the files before when a node doesn't get healthy with new ones",
    async () => {
      await project.edit(
        "stacks/metal.ts",
        '{ COLOUR: "red" }',
        '{ COLOUR: "red", NODE_OPTIONS: "--no-such-option" }',
      );
      await project.edit("stacks/metal.ts", "pools:", 'rollout: { patience: "5 s" },\n  pools:');
      const { exitCode, stderr } = await project.run("up", "metal");
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain("it is back at what it had before");
      expect(await on("lab-c", "cat /etc/hotspare/node.env")).not.toContain("NODE_OPTIONS");
      const nodes = new Set<string>();
      await until("all nodes answer", async () => nodes.add(await ask()).size === 3);
    },
    4 * minutes,
  );

  it(
    "answer again within seconds when the server with the virtual address loses its power",
    async () => {
      const holders = await Promise.all(
        ["lab-a", "lab-b"].map(async (name) =>
          (await on(name, "ip -4 address show dev eth0")).includes("10.78.60.10/32") ? name : [],
        ),
      );
      const [holder] = holders.flat();
      expect(holders.flat()).toHaveLength(1);
      await project.run("lab", "off", holder ?? "");
      await until("somebody answers", async () => (await ask()) !== "", 10_000);
      await project.run("lab", "on", holder ?? "");
      await until(
        "it is whole again",
        async () => (await project.run("status", "metal")).exitCode === 0,
        90_000,
      );
    },
    3 * minutes,
  );

  it(
    "refuse another stack that claims them",
    async () => {
      const other = await Project.create();
      const { exitCode, stderr } = await other.run("up", "metal");
      await other.run("down", "metal");
      await other.remove();
      expect(exitCode).not.toBe(0);
      expect(stderr).toMatch(/it belongs to the stack "metal" of the owner/);
      expect(await isOn("lab-d")).toBe(false);
    },
    3 * minutes,
  );

  it(
    "are as they were when it is down",
    async () => {
      const { exitCode, stderr } = await project.run("down", "metal");
      expect(exitCode, stderr).toBe(0);
      const after = await Promise.all(labServers.map(({ name }) => stateOf(name)));
      for (const [index, state] of after.entries())
        expect(state.split("\n")).toEqual(before[index]?.split("\n"));
    },
    3 * minutes,
  );
});
