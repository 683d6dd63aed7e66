import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filter } from "../../../../../infra/runtime/filter/filter.ts";
import { passageOf, whyNot } from "../../../../../infra/runtime/filter/rules.ts";

const ownership = { owner: "0123abcd", stack: "dev" };
const id = (letter: string) => letter.repeat(64);
const labels = (role: string, more: object = {}) => ({
  "hotspare.owner": "0123abcd",
  "hotspare.stack": "dev",
  "hotspare.role": role,
  "hotspare.key": `a-${role}`,
  ...more,
});

const containers: Record<string, object> = {
  [id("a")]: labels("active"),
  [id("b")]: labels("balancer"),
  [id("c")]: labels("active", { "hotspare.owner": "99999999" }),
  [id("d")]: labels("cold", { "hotspare.stack": "staging" }),
  [id("e")]: {},
  [id("f")]: labels("filter"),
};

const folder = mkdtempSync(join(tmpdir(), "hotspare-filter-"));
const [engineSocket, filterSocket] = [join(folder, "engine.sock"), join(folder, "filter.sock")];
const reached: string[] = [];
let servers: Server[] = [];

/** An engine that notes what reaches it. */
const engine = createServer((incoming, response) => {
  reached.push(`${incoming.method} ${incoming.url}`);
  const found = /^\/containers\/([0-9a-f]{64})\/json$/.exec(incoming.url ?? "")?.[1];
  if (incoming.url?.startsWith("/containers/json")) {
    const all = Object.entries(containers).map(([Id, Labels]) => ({
      Id,
      Labels,
      State: "running",
      Mounts: ["x"],
    }));
    response.end(JSON.stringify(all));
  } else if (found !== undefined && containers[found] !== undefined) {
    const Config = { Labels: containers[found], Env: ["TOKEN=secret"] };
    response.end(
      JSON.stringify({ Id: found, State: { StartedAt: "x" }, Config, HostConfig: { Binds: ["/"] } }),
    );
  } else response.writeHead(found === undefined ? 204 : 404).end();
});

beforeAll(async () => {
  servers = [engine, filter(engineSocket, ownership, () => {})];
  const [first, second] = servers as [Server, Server];
  await new Promise<void>((resolve) => first.listen(engineSocket, resolve));
  await new Promise<void>((resolve) => second.listen(filterSocket, resolve));
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

function ask(method: string, path: string): Promise<{ status: number; body: string }> {
  reached.length = 0;
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: filterSocket, method, path }, (response) => {
      let body = "";
      response.on("data", (piece) => (body += piece));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    outgoing.on("error", reject).end();
  });
}

describe("what passes", () => {
  test("the list, with our own filter and nothing but id, state and labels, of ours alone", async () => {
    const { status, body } = await ask("GET", "/containers/json?all=1");
    expect(status).toBe(200);
    expect(reached[0]).toContain(encodeURIComponent('"hotspare.owner=0123abcd","hotspare.stack=dev"'));
    const listed = JSON.parse(body) as Record<string, unknown>[];
    expect(listed.map(({ Id }) => Id)).toEqual([id("a"), id("b"), id("f")]);
    expect(new Set(listed.flatMap(Object.keys))).toEqual(new Set(["Id", "State", "Labels"]));
  });

  test("the description of one of ours, without its environment and mounts", async () => {
    const { body } = await ask("GET", `/containers/${id("a")}/json`);
    expect(body).not.toMatch(/secret|Binds/);
    expect(JSON.parse(body).State.StartedAt).toBe("x");
  });

  test.each(["start", "stop", "restart", "unpause"])("%s of a node of ours, by its full id", async (verb) => {
    expect((await ask("POST", `/containers/${id("a")}/${verb}`)).status).toBe(204);
    expect(reached).toEqual([`GET /containers/${id("a")}/json`, `POST /containers/${id("a")}/${verb}`]);
  });
});

describe("what doesn't", () => {
  test.each([
    ["a balancer of ours", "b"],
    ["a node of another owner", "c"],
    ["a node of another stack", "d"],
    ["a container of somebody else", "e"],
    ["the filter itself", "f"],
    ["one that isn't there", "0"],
  ])("to switch %s", async (_, letter) => {
    expect((await ask("POST", `/containers/${id(letter)}/stop`)).status).toBe(403);
    expect(reached.filter((line) => line.startsWith("POST"))).toEqual([]);
  });

  test.each(["c", "d", "e", "0"])("to look at what isn't ours: %s", async (letter) => {
    expect((await ask("GET", `/containers/${id(letter)}/json`)).status).toBe(403);
  });

  const a = id("a");
  test.each([
    ["GET", "/info"],
    ["GET", "/version"],
    ["GET", "/images/json"],
    ["GET", "/events"],
    ["POST", "/containers/create"],
    ["POST", "/build"],
    ["POST", "/containers/prune"],
    ["DELETE", `/containers/${a}`],
    ["PUT", `/containers/${a}/archive?path=/`],
    ["GET", `/containers/${a}/archive?path=/`],
    ["POST", `/containers/${a}/exec`],
    ["POST", `/containers/${a}/attach`],
    ["POST", `/containers/${a}/kill`],
    ["POST", `/containers/${a}/pause`],
    ["POST", `/containers/${a}/update`],
    ["POST", `/containers/${a}/rename?name=x`],
    ["GET", `/containers/${a}/logs?stdout=1`],
    ["GET", `/containers/${a}/start`],
    ["POST", `/containers/${a}/json`],
    ["POST", `/containers/${a}/stop?t=0`],
    ["POST", `/containers/${a}/stop?`],
    ["POST", `/containers/${a}/start/`],
    ["POST", `/v1.41/containers/${a}/start`],
    ["POST", `//containers/${a}/start`],
    ["POST", `/containers//${a}/start`],
    ["POST", `/containers/${a}/../${id("e")}/start`],
    ["POST", `/containers/${a}/%2e%2e/${id("e")}/start`],
    ["POST", `/containers/${a}%2fstart`],
    ["POST", `/containers/${a.slice(0, 12)}/start`],
    ["POST", `/containers/${a.toUpperCase()}/start`],
    ["POST", "/containers/dev-0123-web-1/start"],
    ["POST", `/containers/${a}/Start`],
    ["POST", `/containers/${a}/start#x`],
    ["POST", `/containers/${a}/start;x`],
    ["POST", `/containers/${a}\\start`],
    ["GET", "/containers/json?all=1&filters={}"],
    ["GET", "/containers/json?all=1&size=1"],
    ["GET", "/_ping?x"],
    ["CONNECT", "/containers/json"],
    ["OPTIONS", "*"],
    ["get", "/containers/json"],
    ["GET", "http://docker/containers/json"],
    ["GET", `/${"a".repeat(400)}`],
    ["GET", ""],
  ])("%s %s", (method, url) => {
    expect(passageOf(method, url)).toBe(null);
  });

  test("a connection that wants to become something else, or that sends nonsense, ends", async () => {
    for (const text of [
      `POST /containers/${a}/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n`,
      "\x00\x01nonsense\r\n\r\n",
    ]) {
      reached.length = 0;
      await new Promise<void>((resolve) => {
        const socket = connect(filterSocket, () => socket.write(text));
        socket
          .resume()
          .on("close", resolve)
          .on("error", () => resolve());
      });
      expect(reached).toEqual([]);
    }
  });
});

describe("what must be started alone", () => {
  const one = (role: string, key: string, State: object, Id = id("a")) => ({
    Id,
    State,
    Config: { Labels: labels(role, { "hotspare.key": key }) },
  });
  const listed = (role: string, key: string, State: string) => ({
    Id: id("9"),
    State,
    Labels: labels(role, { "hotspare.key": key }),
  });
  const start = { verb: "start", tick: null } as const;
  const noon = Date.parse("2026-01-01T12:00:00Z");
  const tick = { verb: "start", tick: noon } as const;

  test.each(["running", "restarting", "paused", "removing"])(
    "no singleton while another one is %s",
    (state) => {
      const others = [listed("singleton", "in-1", state)];
      expect(whyNot(one("singleton", "in-2", {}), start, others, noon)).toEqual({
        status: 409,
        message: `in-1 is ${state}`,
      });
    },
  );

  test("a singleton once the others are off, and whatever runs under another name", () => {
    const others = [listed("singleton", "in-1", "exited"), listed("singleton", "out-1", "running")];
    expect(whyNot(one("singleton", "in-2", {}), start, others, noon)).toBeNull();
  });

  test("a scheduled one for a time, once, when the run before is over", () => {
    const seen = (StartedAt: string, Running = false) => one("scheduled", "tick-1", { StartedAt, Running });
    expect(whyNot(seen("0001-01-01T00:00:00Z"), tick, [], noon)).toBeNull();
    expect(whyNot(seen("2026-01-01T11:59:59.999Z"), tick, [], noon)).toBeNull();
    expect(whyNot(seen("2026-01-01T12:00:00.000000001Z"), tick, [], noon)?.status).toBe(304);
    expect(whyNot(seen("2026-01-01T11:59:59Z", true), tick, [], noon)?.status).toBe(409);
    expect(whyNot(seen("2026-01-01T11:59:59Z"), start, [], noon)?.status).toBe(403);
  });

  test("a scheduled one for no time that is to come, or that is longer ago than any program may be late", () => {
    const seen = one("scheduled", "tick-1", { StartedAt: "0001-01-01T00:00:00Z", Running: false });
    const status = (now: number) => whyNot(seen, tick, [], now)?.status ?? null;
    expect([-1001, -1000, 0, 3_600_000, 3_600_001].map((late) => status(noon + late))).toEqual([
      403,
      null,
      null,
      null,
      403,
    ]);
  });

  test("a time is thirteen digits and nothing else", () => {
    const path = `/containers/${id("a")}/start`;
    expect(passageOf("POST", `${path}?tick=1767268800000`)).toMatchObject({
      verb: "start",
      tick: 1_767_268_800_000,
    });
    for (const query of ["tick=1", "tick=1767268800000&t=1", "t=1", "tick=-767268800000"])
      expect(passageOf("POST", `${path}?${query}`)).toBeNull();
    expect(passageOf("POST", `/containers/${id("a")}/stop?tick=1767268800000`)).toBeNull();
  });
});
