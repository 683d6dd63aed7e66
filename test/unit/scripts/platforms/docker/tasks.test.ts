import { Duplex, PassThrough, Readable, Writable } from "node:stream";
import type Docker from "dockerode";
import { expect, test } from "vitest";
import { tasksBy } from "../../../../../scripts/platforms/docker/tasks.ts";

const ownership = { owner: "0123abcd", stack: "dev" };
const labels = (key: string) => ({
  "hotspare.owner": ownership.owner,
  "hotspare.stack": ownership.stack,
  "hotspare.cluster": "demo",
  "hotspare.key": key,
  "hotspare.role": "active",
});

interface Node {
  readonly binds?: readonly string[];
  readonly networkMode?: string;
  /** The connection to a program that is run in it, and what the engine says of it, one look after the other. */
  readonly program?: Duplex;
  readonly ended?: { Running: boolean; ExitCode: number | null }[];
}

/** An engine on which `web-1` runs, in a network or in that of its holder. It keeps what tasks are made of. */
function engineWith({ binds = [], networkMode = "demo", program, ended = [] }: Node) {
  const made: Docker.ContainerCreateOptions[] = [];
  const networks = (mode: string) => (mode === "demo" ? { demo: {} } : {});
  const inspect = async (id: string) => {
    const mode = id === "web-1" ? networkMode : "demo";
    return {
      Name: `/demo-0123-${id}`,
      Config: { Image: "image", Labels: labels("web-1") },
      HostConfig: { Binds: binds, NetworkMode: mode },
      NetworkSettings: { Networks: networks(mode) },
    };
  };
  const docker = {
    listContainers: async () => [
      {
        Id: "web-1",
        Names: ["/demo-0123-web-1"],
        Labels: labels("web-1"),
        State: "running",
        NetworkSettings: { Networks: {} },
      },
    ],
    getContainer: (id: string) => ({
      inspect: () => inspect(id),
      exec: async () => ({
        start: async () => program,
        inspect: async () => ended.shift() ?? { Running: true },
      }),
    }),
    createContainer: async (options: Docker.ContainerCreateOptions) => {
      made.push(options);
      const connection = new PassThrough();
      return {
        attach: async () => connection,
        wait: async () => ({ StatusCode: 4 }),
        start: async () => void connection.end(),
        remove: async () => undefined,
      };
    },
    modem: {
      demuxStream: (stream: Duplex, stdout: Writable) => stream.on("data", (chunk) => stdout.write(chunk)),
    },
  };
  return { docker: docker as unknown as Docker, made };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

const streams = () => ({
  stdin: null,
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  terminal: false,
});

test("a task beside a node has the volumes that the pool shares, and none of the node's own", async () => {
  const shared = ["demo-0123-web-all-old-media:/media:rw", "/var/lib/docker/volumes/x/_data/0:/etc/a:ro"];
  const own = ["demo-0123-web-1-all:/all:rw", "demo-0123-web-1-data:/data:rw"];
  const { docker, made } = engineWith({ binds: [...own, ...shared] });
  expect(await tasksBy(docker, ownership).run("web", ["true"], streams())).toBe(4);
  expect(made[0]?.HostConfig?.Binds).toEqual(shared);
  expect(made[0]?.Labels).toEqual({ "hotspare.task": "0123abcd/dev" });
});

test("a task beside a node is in the node's network, or in that of the container whose network the node has", async () => {
  for (const networkMode of ["demo", "container:web-1-net"]) {
    const { docker, made } = engineWith({ networkMode });
    await tasksBy(docker, ownership).run("web", ["true"], streams());
    expect(made[0]?.HostConfig?.NetworkMode).toBe("demo");
  }
});

test("beside a node without a network no task runs", async () => {
  const { docker, made } = engineWith({ networkMode: "none" });
  await expect(tasksBy(docker, ownership).run("web", ["true"], streams())).rejects.toThrow(
    "demo-0123-web-1 is in no network, so a program beside it would reach nothing; run `./hotspare up`",
  );
  expect(made).toEqual([]);
});

test.each(["EPIPE", "ECONNRESET"])(
  "a program that ends before it has read its input (%s) has its own exit code, once the engine knows it",
  async (code) => {
    const program = new Duplex({
      read: () => undefined,
      write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })),
    });
    const ended = [
      { Running: true, ExitCode: null },
      { Running: false, ExitCode: 3 },
    ];
    const { docker } = engineWith({ program, ended });
    const stdin = Readable.from([Buffer.from("much")]);
    expect(await tasksBy(docker, ownership).exec("web-1", ["false"], { ...streams(), stdin })).toBe(3);
  },
);

test("a connection that fails in another way fails the command", async () => {
  const program = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => done(new Error("broken")),
  });
  const { docker } = engineWith({ program });
  const stdin = Readable.from([Buffer.from("much")]);
  await expect(tasksBy(docker, ownership).exec("web-1", ["false"], { ...streams(), stdin })).rejects.toThrow(
    "broken",
  );
});

test("a program waits while nobody takes what it writes", async () => {
  const program = new PassThrough();
  const { docker } = engineWith({ program, ended: [{ Running: false, ExitCode: 0 }] });
  const taken: (() => void)[] = [];
  const stdout = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => void taken.push(done),
  });
  const done = tasksBy(docker, ownership).exec("web-1", ["cat"], { ...streams(), stdout });
  for (const _ of Array(10)) program.write("much");
  program.end();
  while (taken.length === 0) await turn();
  for (const _ of Array(10)) await turn();
  expect(stdout.writableLength).toBeLessThanOrEqual("much".length);
  for (let given = 0; given < 10; ) {
    await turn();
    for (const take of taken.splice(0)) {
      take();
      given++;
    }
  }
  expect(await done).toBe(0);
});

test.each(["stdin", "stdout"] as const)("what fails on %s fails the command", async (which) => {
  const program = new PassThrough();
  const { docker } = engineWith({ program });
  const full = new Error("ENOSPC: no space left on device, write");
  const failing = {
    stdin: new Readable({ read: (): void => void failing.stdin.destroy(full) }),
    stdout: new Writable({ write: (_chunk, _encoding, done) => done(full) }),
  };
  program.write("much");
  await expect(
    tasksBy(docker, ownership).exec("web-1", ["cat"], { ...streams(), [which]: failing[which] }),
  ).rejects.toThrow("ENOSPC");
  expect(program.destroyed).toBe(true);
});
