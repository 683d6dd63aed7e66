import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { labServers } from "../../scripts/lab/lab.ts";
import { docker, exec } from "../support/containers.ts";
import { Project } from "../support/project.ts";
import { until } from "../support/until.ts";

/*
 * A stack on three servers of the lab, from nothing to nothing, by SSH alone. The tests build on each other.
 */

const url = "http://10.78.60.10/";
const minutes = 60_000;

let project: Project;
let before: string[];

/** What a server is like: files, units, users, addresses; not what processes, systemd and sudo itself write. */
async function stateOf(server: string): Promise<string> {
  const lines = `
    find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log/journal -o -path /var/lib/systemd \\
      -o -path /var/lib/private -o -path /var/cache/private -o -path /var/log/private \\
      -o -name .sudo_as_admin_successful \\) -prune -o -printf '%p %y %m %u %s\n' \\
      | grep -v '^/[^ ]* d ' | sort
    ip -4 -oneline address show | awk '{ print $2, $4 }'
    getent passwd
    systemctl list-unit-files --no-legend | sort
    sysctl net.ipv4.conf.all.arp_ignore net.ipv4.conf.all.arp_announce`;
  return on(server, lines);
}

async function on(server: string, lines: string): Promise<string> {
  const { exitCode, stdout, stderr } = await exec(
    docker.getContainer(`hotspare-${server}`),
    "sh",
    "-c",
    lines,
  );
  if (exitCode !== 0) throw new Error(`${server}: ${lines} ended with ${exitCode}: ${stderr}`);
  return stdout;
}

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
  // What a run that was cut short has left there is another owner's.
  await project.run("lab", "down");
  expect(await project.run("lab", "up")).toMatchObject({ exitCode: 0 });
  before = await Promise.all(labServers.map(({ name }) => stateOf(name)));
}, 8 * minutes);

afterAll(async () => {
  await project.run("down", "metal");
  await project.run("lab", "down");
  await project.remove();
}, 3 * minutes);

describe("three servers reached by SSH", () => {
  it(
    "become a cluster whose virtual address answers from all of them",
    async () => {
      const { changes } = await up();
      // Three servers, five machines, the configuration of two balancers, and what holds them together.
      expect(changes.create).toBeGreaterThanOrEqual(10);
      const nodes = new Set<string>();
      await until("all nodes answer", async () => nodes.add(await ask()).size === 3);
      expect([...nodes].sort()).toEqual(["web-1", "web-2", "web-3"]);
    },
    4 * minutes,
  );

  it(
    "are left alone by an up without a change",
    async () => {
      const { create = 0, update = 0, delete: removed = 0 } = (await up()).changes;
      expect({ create, update, removed }).toEqual({ create: 0, update: 0, removed: 0 });
    },
    2 * minutes,
  );

  it(
    "are told of by status when a balancer has other members or files than planned, and get theirs again by up",
    async () => {
      const control = "curl -s --unix-socket /run/hotspare-desired/control.sock";
      const members = await on("lab-b", `${control} http://control/members`);
      // Nobody is led elsewhere, so that all checks go on passing.
      const document = JSON.parse(members);
      document.pools.web.members[0].weight = 9;
      const other = JSON.stringify({ ...document, revision: "bad" });
      const put = `${control} -X PUT --data-binary @- http://control/members <<'END'\n${other}\nEND`;
      expect(await on("lab-b", put)).toContain('"changed":true');
      await on("lab-a", "echo '# more' >> /var/lib/hotspare/current/nginx.conf");
      const seen = await project.run("status", "metal", "--json");
      expect(seen.exitCode).toBe(5);
      const findings = JSON.parse(seen.stdout).findings.join();
      expect(findings).toMatch(/lb-1: nginx.conf is not the planned one/);
      expect(findings).toMatch(/lb-2: its members are not the planned ones .*weight 9/);
      const { create = 0, update = 0, delete: removed = 0 } = (await up()).changes;
      expect({ create, update, removed }).toEqual({ create: 0, update: 0, removed: 0 });
      expect((await project.run("status", "metal", "--json")).exitCode).toBe(0);
      expect(await on("lab-a", "tail -n 1 /var/lib/hotspare/current/nginx.conf")).not.toContain("more");
    },
    2 * minutes,
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
      await project.edit("stacks/metal.ts", "{ active: 3 }", "{ active: 2, standby: { hot: 1 } }");
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
        "{ active: 2, standby: { hot: 1 } }",
        '{ active: 3, environment: { COLOUR: "red" } }',
      );
      const { failed } = await underLoad(up);
      expect(failed).toEqual([]);
      expect(await on("lab-c", "cat /etc/hotspare/node.env")).toContain('COLOUR="red"');
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
