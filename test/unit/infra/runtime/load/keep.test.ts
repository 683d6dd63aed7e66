import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeepLine, KeepOrder } from "../../../../../infra/runtime/load/protocol.ts";

/** Clients that stay, against a server that does as it is told. */

const program = join(import.meta.dirname, "../../../../../infra/runtime/load/keep.ts");
const answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

let server: Server;
let sockets: Socket[];
/** Connections that are read and never answered. */
let deaf: Set<Socket>;

beforeEach(async () => {
  sockets = [];
  deaf = new Set();
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", () => {
      if (!deaf.has(socket)) socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** Runs the program until `then` has ended its input, and reads what it told. */
async function kept(more: Partial<KeepOrder>, then: () => void): Promise<KeepLine[]> {
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const order: KeepOrder = {
    host: "127.0.0.1",
    port,
    connections: 40,
    path: "/identity",
    every: 100,
    patience: 5000,
    most: 60_000,
    ...more,
  };
  const lines: KeepLine[] = [];
  const running = execa(process.execPath, [program, JSON.stringify(order)], { stdin: "pipe" });
  for await (const line of running) {
    const told = JSON.parse(line) as KeepLine;
    lines.push(told);
    if (told[0] !== "dialled") continue;
    then();
    running.stdin.end();
  }
  await running;
  return lines;
}

test("connections that all go on are all counted, and none ends", async () => {
  expect(await kept({}, () => undefined)).toEqual([
    ["dialled", 40],
    ["kept", 40, 0],
  ]);
});

test("those that are reset and those that nobody answers any more are told, each once", async () => {
  const lines = await kept({ patience: 1500 }, () => {
    for (const socket of sockets.slice(0, 3)) socket.resetAndDestroy();
    deaf.add(sockets[3] as Socket);
  });
  const why = lines.flatMap((line) => (line[0] === "ended" ? [line[2]] : []));
  expect(why.filter((one) => one === "silent")).toHaveLength(1);
  expect(why).toHaveLength(4);
  expect(lines.at(-1)?.[2]).toBe(4);
});
