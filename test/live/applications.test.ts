import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker, exec, machineOf } from "../support/containers.ts";
import { Project } from "../support/project.ts";
import { until } from "../support/until.ts";

/*
 * What an application is given beside its image, and its data: kept over releases and `down`, backed up and restored. The tests
 * build on each other.
 */

let project: Project;
let owner: string;

beforeAll(async () => {
  project = await Project.create();
  await project.write("token.txt", "s3cret-of-the-application");
  await project.write("web.env", "# levels\nLEVEL=debug\n");
  await stack("first");
});

afterAll(async () => {
  await project.run("down", "--volumes", "--yes");
  await project.remove();
});

/** What an accessory runs: it takes its time until it listens, and writes down what it is asked for. */
const store =
  "setTimeout(() => require('http').createServer(({ url }, answer) => answer.end('store', console.log(url))).listen(7000), 1500)";

/** A program of a release that tells the store who it is; before the release `broken` it fails. */
const tells = (when: string) =>
  `const text = require('fs').readFileSync('/etc/app/app.ini', 'utf8'); console.log('${when} ' + text);
   fetch('http://store:7000/${when}-' + text).then(() => process.exit(text === 'broken' ? 3 : 0))`;

async function stack(text: string): Promise<void> {
  await project.write(
    "stacks/dev.ts",
    `import { defineStack } from "../components/model/define.ts";
import { secret } from "../components/model/secret.ts";
export default defineStack({
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 1 },
  pools: {
    web: {
      active: 2,
      user: "10002:10003",
      files: {
        "/etc/app/app.ini": { content: { text: "${text}" } },
        "/etc/app/token": { content: secret("token"), owner: "10002", mode: "0400" },
      },
      environmentFiles: ["web.env"],
      volumes: { data: { path: "/tmp/data" }, media: { path: "/tmp/media", shared: true } },
      tmpfs: { "/var/cache/app": "4 MB" },
      capabilities: ["NET_BIND_SERVICE"],
      shm: "8 MB",
      ulimits: { nofile: 4096 },
      beforeRelease: { command: ["/usr/local/bin/node", "-e", ${JSON.stringify(tells("before"))}] },
      afterRelease: { command: ["/usr/local/bin/node", "-e", ${JSON.stringify(tells("after"))}] },
    },
  },
  accessories: {
    store: {
      image: { kind: "sample" },
      command: ["/usr/local/bin/node", "-e", ${JSON.stringify(store)}],
      ready: { command: ["/usr/local/bin/node", "-e", "fetch('http://127.0.0.1:7000').then(() => 0, () => process.exit(1))"] },
      volumes: { data: { path: "/tmp/store" } },
      stopGrace: "1 s",
      backup: ["sh", "-c", "echo from $(hostname)"],
      restoration: ["sh", "-c", "cat >&2; exit 3"],
    },
  },
  workers: {
    mail: {
      kind: "worker",
      image: { kind: "sample" },
      command: ["sh", "-c", "while :; do touch /tmp/alive; sleep 1; done"],
      health: { file: "/tmp/alive", age: "30 s" },
      stopGrace: "1 s",
    },
    one: { kind: "singleton", image: { kind: "sample" }, command: ["sleep", "infinity"], stopGrace: "0 s" },
    tick: {
      kind: "scheduled",
      image: { kind: "sample" },
      schedule: "*/3 * * * * *",
      command: ["echo", "ran"],
    },
  },
  rollout: { step: "500 ms", drain: "2 s" },
});
`,
  );
}

const up = () => project.json<ClusterStatus>("up");

/** What a shell in a node writes. */
async function shell(key: string, script: string): Promise<string> {
  const { stdout, stderr, exitCode } = await exec(await machineOf(owner, key), "sh", "-c", script);
  expect(exitCode, stderr).toBe(0);
  return stdout.trim();
}

/** What programs of releases have told the store, in their order. */
async function told(): Promise<string[]> {
  const log = await (await machineOf(owner, "store")).logs({ stdout: true, stderr: true, follow: false });
  return log.toString("utf8").match(/\/(before|after)-\w+/g) ?? [];
}

const idOf = async (key: string) => (await machineOf(owner, key)).id;

describe("a node is given", () => {
  it("what its pool says", async () => {
    const set = await project.run(
      "secret",
      "set",
      "dev",
      "token",
      "--file",
      join(project.folder, "token.txt"),
    );
    expect(set.exitCode, set.stderr).toBe(0);
    const { state, owner: own } = (await up()) as ClusterStatus & { owner: string };
    expect(state).toBe("ok");
    owner = own;
    expect(await shell("web-1", "id -u; id -g; cat /etc/app/app.ini")).toBe("10002\n10003\nfirst");
    expect(await shell("web-1", "cat /etc/app/token; stat -c ' %u %g %a' /etc/app/token")).toBe(
      "s3cret-of-the-application 10002 10002 400",
    );
    expect(
      await shell("web-1", "echo $LEVEL; ulimit -n; df -m /var/cache/app /dev/shm | awk 'NR>1{print $2}'"),
    ).toBe("debug\n4096\n4\n8");
    expect(await shell("web-1", "echo x > /var/cache/app/x && cat /var/cache/app/x")).toBe("x");
  });

  it("and is left alone by the next up", async () => {
    const before = [await idOf("web-1"), await idOf("web-2")];
    expect((await up()).state).toBe("ok");
    expect([await idOf("web-1"), await idOf("web-2")]).toEqual(before);
  });

  it("the others by their names", async () => {
    const addresses = await shell("web-1", "getent hosts web-2 | awk '{print $1}'");
    const { machines } = await project.json<ClusterStatus>("status");
    expect(addresses).toBe(machines.find(({ key }) => key === "web-2")?.address);
  });
});

describe("an accessory", () => {
  it("is there before the nodes, under its name, and is not replaced by their release", async () => {
    const ask = "fetch('http://store:7000').then((answer) => answer.text()).then(console.log)";
    expect(await shell("web-1", `node -e "${ask}"`)).toBe("store");
    const [db, node] = [await machineOf(owner, "store"), await machineOf(owner, "web-1")];
    // It listens a second and a half after its start, and no node is made before.
    const listens = Date.parse((await db.inspect()).State.StartedAt) + 1500;
    expect(Date.parse((await node.inspect()).Created)).toBeGreaterThan(listens);
  });

  it("is backed up and restored by its own commands", async () => {
    const file = join(project.folder, "store.txt");
    const saved = await project.run("accessory", "backup", "dev", "store", file);
    expect(saved.exitCode, saved.stderr).toBe(0);
    expect(await readFile(file, "utf8")).toBe("from store\n");
    const restored = await project.run("accessory", "restore", "dev", "store", file, "--yes");
    expect(restored.stderr).toContain("from store");
    expect(restored.stderr).toContain("sh ended with exit code 3");
  });
});

describe("programs without clients", () => {
  const state = async (key: string) => (await (await machineOf(owner, key)).inspect()).State.Status;

  it("run, and are in status and plan as what they are", async () => {
    const { machines, findings } = await project.json<ClusterStatus>("status");
    const roles = machines.flatMap(({ key, role }) =>
      /^(mail|one|tick)-/.test(key) ? [`${key} ${role}`] : [],
    );
    expect(roles).toEqual(["mail-1 worker", "one-1 singleton", "one-2 singleton", "tick-1 scheduled"]);
    expect(findings).toEqual([]);
    expect([await state("mail-1"), await state("one-1"), await state("one-2")]).toEqual([
      "running",
      "running",
      "created",
    ]);
  });

  it("are brought back, or their standby takes over, when they are killed", async () => {
    await (await machineOf(owner, "mail-1")).kill();
    await (await machineOf(owner, "one-1")).kill();
    await until("the worker runs again", async () => (await state("mail-1")) === "running", 60_000);
    await until("the standby runs", async () => (await state("one-2")) === "running", 60_000);
    expect(await state("one-1")).toBe("exited");
  });

  it("run at their times, each time once, as their warden reports", async () => {
    const logOf = async (key: string) =>
      (await (await machineOf(owner, key)).logs({ stdout: true, stderr: true, follow: false })).toString(
        "utf8",
      );
    const runs = async () => (await logOf("tick-1")).match(/^.*ran$/gm)?.length ?? 0;
    const started = async () =>
      [...(await logOf("warden-1")).matchAll(/"event":"run-started".*?due at ([^,]+),/g)].map(
        ([, due]) => due,
      );
    await until("three runs", async () => (await started()).length >= 3, 120_000);
    const before = (await started()).length;
    const ran = await runs();
    const after = await started();
    expect(ran).toBeGreaterThanOrEqual(before);
    // One may have run that isn't reported yet.
    expect(ran).toBeLessThanOrEqual(after.length + 1);
    expect(new Set(after).size).toBe(after.length);
  });
});

describe("programs of a release", () => {
  it("run once before and once after it, each as the release is, and with no further up", async () => {
    expect(await told()).toEqual(["/before-first", "/after-first"]);
  });

  it("refuse it when the one before it fails, with what it wrote, and before any node is made", async () => {
    const nodes = [await idOf("web-1"), await idOf("web-2")];
    await stack("broken");
    const refused = await project.run("up");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /pools\.web\.beforeRelease: \S+ ended with exit code 3; no new node was made, .*; its last lines:\n\s+before broken/,
    );
    expect([await idOf("web-1"), await idOf("web-2")]).toEqual(nodes);
    expect(await told()).toEqual(["/before-first", "/after-first", "/before-broken"]);
  });

  it("are not undone by a rollback, which says so and runs none", async () => {
    const back = await project.run("rollback", "--yes");
    expect(back.exitCode, back.stderr).toBe(0);
    expect(back.stderr).toContain("What beforeRelease did (pools.web) is not undone");
    expect(await told()).toEqual(["/before-first", "/after-first", "/before-broken"]);
    await stack("first");
  });
});

describe("a task", () => {
  it("runs on a node, with its exit code", async () => {
    const done = await project.run("exec", "dev", "web-1", "--", "sh", "-c", "hostname; echo no >&2; exit 7");
    expect([done.exitCode, done.stdout.trim(), done.stderr.trim()]).toEqual([7, "web-1", "no"]);
  });

  it("runs once in a container of the release, with its variables and files, and no up sweeps it", async () => {
    const script =
      "echo $LEVEL; cat /etc/app/app.ini; echo; id -u; ls /tmp; until test -e /tmp/go; do sleep 0.1; done; exit 4";
    const tasks = () =>
      docker.listContainers({ all: true, filters: { label: [`hotspare.task=${owner}/dev`] } });
    const running = project.run("run", "dev", "web", "--", "sh", "-c", script);
    await until("the task runs", async () => (await tasks())[0]?.State === "running", 60_000);
    expect((await project.run("up")).exitCode).toBe(0);
    const [task] = await tasks();
    expect(task?.State).toBe("running");
    await exec(docker.getContainer(task?.Id ?? ""), "touch", "/tmp/go");
    const { exitCode, stdout } = await running;
    expect([exitCode, stdout.trim()]).toEqual([4, "debug\nfirst\n10002\nmedia"]);
    expect(await tasks()).toEqual([]);
  });
});

describe("data in volumes", () => {
  it("are a node's own or all nodes', and stay over a release that changes a file", async () => {
    await inVolume("web-1", "echo one > /volume/it", "data");
    await inVolume("web-2", "echo two > /volume/it", "data");
    await inVolume("web-all", "echo all > /volume/it", "media");
    await stack("second");
    const before = [await idOf("web-1"), await idOf("store")];
    expect((await up()).state).toBe("ok");
    expect(await idOf("web-1")).not.toBe(before[0]);
    expect(await idOf("store")).toBe(before[1]);
    const all = "cat /etc/app/app.ini; echo; cat /tmp/data/it /tmp/media/it";
    expect(await shell("web-1", all)).toBe("second\none\nall");
    expect(await shell("web-2", all)).toBe("second\ntwo\nall");
  });

  it("are backed up and restored, while who has them is stopped", async () => {
    const file = join(project.folder, "data.tar.gz");
    const saved = await project.run("volume", "backup", "dev", "web-1-data", file);
    expect(saved.exitCode, saved.stderr).toBe(0);
    await inVolume("web-1", "echo lost > /volume/it; echo new > /volume/new", "data");
    const asked = await project.run("volume", "restore", "dev", "web-1-data", file);
    expect(asked.stderr).toMatch(/goes for good, and dev-\w+-web-1(-g\d)? is stopped for it; say --yes/);
    const broken = join(project.folder, "token.txt");
    const refused = await project.run("volume", "restore", "dev", "web-1-data", broken, "--yes");
    expect(refused.stderr).toContain("is no whole backup");
    expect(await shell("web-1", "cat /tmp/data/it")).toBe("lost");
    const restored = await project.run("volume", "restore", "dev", "web-1-data", file, "--yes");
    expect(restored.exitCode, restored.stderr).toBe(0);
    expect(await shell("web-1", "cat /tmp/data/*")).toBe("one");
  });

  it("stay over down, and go with --volumes", async () => {
    const down = await project.run("down");
    expect(down.stdout).toMatch(/dev-\w+-web-1-data, .*stay with the data: `.\/hotspare down dev --volumes`/);
    expect((await up()).state).toBe("ok");
    expect(await shell("web-2", "cat /tmp/data/it /tmp/media/it")).toBe("two\nall");
    const asked = await project.run("down", "--volumes");
    expect(asked.stderr).toContain("say --yes");
    const gone = await project.run("down", "--volumes", "--yes");
    expect(gone.exitCode, gone.stderr).toBe(0);
    const filters = JSON.stringify({ label: [`hotspare.owner=${owner}`] });
    expect((await docker.listVolumes({ filters })).Volumes ?? []).toEqual([]);
  });
});

/** Runs a shell as root on a volume, by a container of its own: the application's account may not write there. */
async function inVolume(of: string, script: string, volume: string): Promise<void> {
  const { Volumes } = await docker.listVolumes({
    filters: JSON.stringify({ label: [`hotspare.owner=${owner}`, `hotspare.kept=${volume}`] }),
  });
  const found = Volumes.find(({ Name }) => Name.endsWith(`-${of}-${volume}`));
  if (found === undefined) throw new Error(`there is no volume ${volume} of ${of}`);
  const { Image } = await (await machineOf(owner, "web-1")).inspect();
  const container = await docker.createContainer({
    Image,
    Cmd: ["sh", "-c", script],
    User: "0",
    Labels: { "hotspare.test": "applications" },
    HostConfig: { Binds: [`${found.Name}:/volume`], NetworkMode: "none" },
  });
  await container.start();
  const { StatusCode } = await container.wait();
  await container.remove();
  expect(StatusCode).toBe(0);
}
