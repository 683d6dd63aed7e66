import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClusterStatus } from "../../scripts/status/cluster-status.ts";
import { docker, exec, images, removeAll, start } from "../support/containers.ts";
import { inventory } from "../support/docker-inventory.ts";
import { Project } from "../support/project.ts";
import { until } from "../support/until.ts";

/*
 * Linux Virtual Server for real: IPVS in the host's kernel or in a guest's, whichever this host has. One cluster, from `up` to `down`;
 * the tests build on each other.
 */

const greetersProgram = readFileSync(join(import.meta.dirname, "../fixtures/greeters/greeters.mjs"), "utf8");

type Up = ClusterStatus & { changes: Record<string, number> };

let project: Project;
let before: Awaited<ReturnType<typeof inventory>>;
let up: Up;

beforeAll(async () => {
  before = await inventory([]);
  project = await Project.create();
  up = await project.json<Up>("up", "lvs");
}, 280_000);

afterAll(async () => {
  await removeAll("lvs");
  await project.run("down", "lvs");
  await project.remove();
});

const address = () => up.virtualAddress.address;

async function container(key: string): Promise<string> {
  const label = [`hotspare.owner=${up.owner}`, `hotspare.key=${key}`];
  const [found] = await docker.listContainers({ all: true, filters: { label } });
  if (found === undefined) throw new Error(`there is no ${key}`);
  return found.Id;
}

/** A connection that is kept, and asks who answers as often as it is told to. */
class Kept {
  readonly #socket: Socket;
  #take: ((answer: string) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    let text = "";
    socket.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      const node = /"node":"([^"]+)"[^}]*\}\s*$/.exec(text)?.[1];
      if (node === undefined) return;
      text = "";
      this.#take?.(node);
    });
    socket.on("error", (error) => this.#take?.(error.message));
    socket.on("close", () => this.#take?.("closed"));
  }

  static open(host: string, port: number): Promise<Kept> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, timeout: 5000 }, () => resolve(new Kept(socket)));
      socket.once("error", reject);
    });
  }

  /** The node that answers, or what came instead. */
  ask(): Promise<string> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve("silence"), 10_000);
      this.#take = (answer) => {
        clearTimeout(late);
        resolve(answer);
      };
      this.#socket.write("GET /identity HTTP/1.1\r\nHost: lvs\r\n\r\n");
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Who answers a new connection, or what came instead. */
async function who(port = 5432, host = address()): Promise<string> {
  const kept = await Kept.open(host, port).catch((error: Error) => error.message);
  if (typeof kept === "string") return kept;
  const answer = await kept.ask();
  kept.close();
  return answer;
}

/** Who answers a datagram, and from where. */
function datagram(host: string, port: number): Promise<{ node: string; from: string }> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    const late = setTimeout(() => {
      socket.close();
      reject(new Error(`nobody answers at ${host}:${port}`));
    }, 5000);
    socket.once("message", (message, { address: from }) => {
      clearTimeout(late);
      socket.close();
      resolve({ node: JSON.parse(message.toString()).node, from });
    });
    socket.send("who", port, host);
  });
}

const several = async <T>(count: number, one: () => Promise<T>): Promise<T[]> => {
  const answers: T[] = [];
  for (let n = 0; n < count; n++) answers.push(await one());
  return answers;
};

const isNode = expect.stringMatching(/^db-[123]$/);

test("TCP and UDP are answered at the virtual address, by TCP also at the door", async () => {
  expect(up.state).toBe("ok");
  const answers = await several(30, () => who());
  expect(new Set(answers)).toEqual(new Set(["db-1", "db-2", "db-3"]));
  expect(await datagram(address(), 30_000)).toEqual({
    node: expect.stringMatching(/^game-[12]$/),
    from: address(),
  });
  expect(await who(Number(new URL(up.url ?? "").port), "127.0.0.1")).toEqual(isNode);
});

test("a client of UDP with persistence stays at its node", async () => {
  const nodes = await several(20, async () => (await datagram(address(), 30_000)).node);
  expect(new Set(nodes).size).toBe(1);
});

test("the status has the table of both directors, with weights and which kernel forwards", async () => {
  const tables = async () => (await project.json<ClusterStatus>("status", "lvs")).ipvs ?? {};
  const ipvs = await tables();
  expect(Object.keys(ipvs).sort()).toEqual(["lb-1", "lb-2"]);
  for (const { kernel, services } of Object.values(ipvs)) {
    expect(kernel).toMatch(/^(user-mode Linux|the host's) \d/);
    const [db, game] = services;
    expect(db).toMatchObject({ protocol: "tcp", port: 5432, scheduler: "mh" });
    // Two for db-1, and the hot standby is there with none.
    expect(db?.destinations.map(({ weight }) => weight)).toEqual([2, 1, 1, 0]);
    expect(game).toMatchObject({ protocol: "udp", port: 30_000, persistence: 300 });
  }
  const counted = async () =>
    Object.values(await tables()).flatMap(({ services }) =>
      services.flatMap(({ destinations }) => destinations),
    );
  // The kernel adds up its counters every two seconds.
  await until("what came is counted", async () => (await counted()).some(({ packetsIn }) => packetsIn > 0));
  // Answers go from the nodes to the clients: none of their bytes passes a director.
  expect((await counted()).every(({ bytesOut }) => bytesOut === 0)).toBe(true);
});

test("servers that don't speak HTTP are checked by what they say first", async () => {
  const director = docker.getContainer(await container("lb-1"));
  const { NetworkSettings } = await director.inspect();
  const [network = ""] = Object.keys(NetworkSettings.Networks);
  const greeters = await start("lvs", {
    Image: (await images()).node,
    Cmd: ["/usr/local/bin/node", "--input-type=module", "-e", greetersProgram],
    HostConfig: { AutoRemove: true, NetworkMode: network },
  });
  const at = Object.values((await greeters.inspect()).NetworkSettings.Networks)[0]?.IPAddress ?? "";
  const asked = async (port: number, protocol: string, service = "") => {
    const question = JSON.stringify({ address: at, port, health: { protocol, service, timeoutMs: 2000 } });
    const socket = ["--unix-socket", "/run/hotspare-desired/control.sock", "--request", "PUT"];
    const told = await exec(director, "curl", "-s", ...socket, "--data", question, "http://control/check");
    return JSON.parse(told.stdout) as { passed: boolean; why: string };
  };
  try {
    await until("the servers answer", async () => (await asked(33_061, "mysql")).passed);
    expect(await asked(33_061, "mysql")).toEqual({ passed: true, why: "MySQL 8.0.36-greeter" });
    expect(await asked(33_062, "mysql")).toEqual({
      passed: false,
      why: "MySQL error 1040: Too many connections",
    });
    expect(await asked(54_321, "postgres")).toEqual({ passed: true, why: "PostgreSQL" });
    expect(await asked(54_322, "postgres")).toEqual({
      passed: false,
      why: "PostgreSQL: the database system is starting up (57P03)",
    });
    expect(await asked(53_001, "dns", "example.test")).toEqual({ passed: true, why: "DNS NOERROR" });
    expect(await asked(53_002, "dns", "example.test")).toEqual({ passed: false, why: "DNS SERVFAIL" });
    expect(await asked(54_321, "mysql")).toMatchObject({ passed: false });
    expect(await asked(53_003, "udp")).toMatchObject({ passed: false });
  } finally {
    await greeters.remove({ force: true });
  }
});

test("a director's death leaves open connections where they are", async () => {
  const kept = await Promise.all(Array.from({ length: 50 }, () => Kept.open(address(), 5432)));
  const first = await Promise.all(kept.map((one) => one.ask()));
  const { virtualAddress } = await project.json<ClusterStatus>("status", "lvs");
  await docker.getContainer(await container(virtualAddress.holder ?? "")).kill();
  expect(await Promise.all(kept.map((one) => one.ask()))).toEqual(first);
  await until("a new connection is answered", async () => /^db-/.test(await who()));
  await docker.getContainer(await container(virtualAddress.holder ?? "")).start();
  for (const one of kept) one.close();
});

test("a cordoned node keeps its connections and gets no new ones", async () => {
  await until("both directors answer", async () => {
    const { ipvs = {} } = await project.json<ClusterStatus>("status", "lvs");
    return Object.keys(ipvs).length === 2;
  });
  const kept = await Promise.all(Array.from({ length: 30 }, () => Kept.open(address(), 5432)));
  const first = await Promise.all(kept.map((one) => one.ask()));
  expect(first).toContain("db-2");
  expect(await project.run("cordon", "lvs", "db-2")).toMatchObject({ exitCode: 0 });
  await until(
    "no new connection comes to db-2",
    async () => !(await several(15, () => who())).includes("db-2"),
  );
  expect(await Promise.all(kept.map((one) => one.ask()))).toEqual(first);
  expect(await project.run("restore", "lvs", "db-2")).toMatchObject({ exitCode: 0 });
  for (const one of kept) one.close();
});

test("another weight comes by `up` into the table, and no open connection ends", async () => {
  const kept = await Promise.all(Array.from({ length: 20 }, () => Kept.open(address(), 5432)));
  const first = await Promise.all(kept.map((one) => one.ask()));
  await project.edit("stacks/lvs.ts", '{ "db-1": 2 }', '{ "db-1": 1 }');
  await project.json<Up>("up", "lvs");
  expect(await Promise.all(kept.map((one) => one.ask()))).toEqual(first);
  for (const one of kept) one.close();
  const { ipvs = {} } = await project.json<ClusterStatus>("status", "lvs");
  for (const { services } of Object.values(ipvs))
    expect(services[0]?.destinations.map(({ weight }) => weight)).toEqual([1, 1, 1, 0]);
});

test("a killed node gets no new connection after its checks, and the hot standby serves for it", async () => {
  await docker.getContainer(await container("db-3")).kill();
  // A warden may hear of it from Docker before the directors' checks do.
  await until("the hot standby serves, and all are answered", async () => {
    const answers = await several(20, () => who());
    return answers.includes("db-hot-1") && answers.every((answer) => /^db-/.test(answer));
  });
  const answers = await several(40, () => who());
  expect(answers.filter((answer) => !/^db-/.test(answer))).toEqual([]);
  expect(answers).not.toContain("db-3");
});

test("the virtual address that somebody removed from a node is put back", async () => {
  const net = docker.getContainer(await container("db-1-net"));
  const shown = async () => (await exec(net, "ip", "-4", "address", "show", "dev", "lo")).stdout;
  const removed = await exec(net, "ip", "address", "delete", `${address()}/32`, "dev", "lo");
  expect(removed.exitCode).toBe(0);
  await until("the address is back", async () => (await shown()).includes(`${address()}/32`));
});

test("`down` leaves nothing behind", async () => {
  expect(await project.run("down", "lvs")).toMatchObject({ exitCode: 0 });
  const after = await inventory([up.owner]);
  expect(after).toEqual(before);
});
