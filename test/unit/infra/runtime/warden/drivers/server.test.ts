import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ServerDriver } from "../../../../../../infra/runtime/warden/drivers/server.ts";

const socket = join(tmpdir(), `hotspare-switch-${process.pid}.sock`);
let server: Server;
let asked: string[];
let answer: { status: number; body: string };

beforeEach(async () => {
  asked = [];
  answer = { status: 200, body: '{"web-cold-1":"off"}' };
  server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} ${headers.authorization}`);
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(socket, { force: true });
});

const action = (kind: "start" | "stop" | "restart") => ({ kind, node: "web-cold-1", pool: "web", why: "" });

test("standbys are switched by the switch beside the warden", async () => {
  const driver = new ServerDriver({ socketPath: socket, password: "hush" });
  expect(await driver.power()).toEqual({ "web-cold-1": "off" });
  expect(await driver.perform(action("start"))).toBeNull();
  expect(asked).toEqual(["GET /power Bearer hush", "POST /web-cold-1/start Bearer hush"]);
});

test("what a controller says against it is the reason, and what systemd keeps is left alone", async () => {
  const driver = new ServerDriver({ socketPath: socket, password: "hush" });
  answer = { status: 502, body: "r1-u07: its controller doesn't let that account in" };
  await expect(driver.perform(action("start"))).rejects.toThrow("r1-u07: its controller");
  await expect(driver.power()).rejects.toThrow("the switch answers 502");
  expect(await driver.perform(action("restart"))).toBe("its server's own systemd starts it again");
});

test("without a switch nothing has power, and nothing is done", async () => {
  const driver = new ServerDriver(null);
  expect(await driver.power()).toEqual({});
  expect(await driver.perform(action("start"))).toBe("nothing switches it");
});
