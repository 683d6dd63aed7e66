import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../exit.ts";
import { visible, visibleLine } from "../visible.ts";
import { page, policy } from "./page.ts";
import type { LiveSource } from "./source.ts";
import type { Watch } from "./watch.ts";

/*
 * The page of `live`: one HTML file, its events, and what is known of one machine. On this machine's loopback address alone, below a path
 * that nobody can guess: other users of the machine see no logs, and no page from elsewhere can ask for them.
 */

/** Bytes that wait for a client which is too slow to take them; beyond that it is sent away, and comes back. */
const mostBehind = 4_000_000;

export interface LiveServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** @param port 0: any that is free @throws UserError where the port is taken */
export async function serveLive(watch: Watch, source: LiveSource, port: number): Promise<LiveServer> {
  const secret = randomBytes(16).toString("base64url");
  const server = createServer((request, response) => answer(request, response, { secret, watch, source }));
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/${secret}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new UserError(`--port ${port}: it can't be listened on (${error.code}); choose another one`)),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}

interface Served {
  readonly secret: string;
  readonly watch: Watch;
  readonly source: LiveSource;
}

const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

function answer(request: IncomingMessage, response: ServerResponse, { secret, watch, source }: Served): void {
  // What is no URL, such as `//`, is nobody's path: asked by any page, it must not end the command.
  const { pathname } = URL.parse(request.url ?? "/", "http://localhost") ?? { pathname: "/" };
  const [, first, what = "", ...rest] = pathname.split("/");
  // A name of somebody else's that leads to this address must not get anything.
  const fits = local.test(request.headers.host ?? "") && first === secret && request.method === "GET";
  if (fits && what === "") send(response, 200, "text/html; charset=utf-8", page());
  else if (fits && what === "events") stream(response, watch);
  else if (fits && what === "machine") void detail(response, source, rest.join("/"));
  else send(response, 404, "text/plain", "There is nothing here.\n");
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "content-security-policy": policy(),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  response.end(body);
}

/** Server-sent events: first all that there is, then what comes. */
function stream(response: ServerResponse, watch: Watch): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const tell = (what: string, data: unknown) => {
    if (response.writableLength > mostBehind) response.destroy();
    else response.write(`event: ${what}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  // A browser that has lost its connection comes back after so many milliseconds.
  response.write("retry: 1000\n\n");
  tell("past", { points: watch.points, events: watch.events });
  if (watch.told.state !== null) tell("now", watch.told);
  response.once("close", watch.listen(tell));
}

async function detail(response: ServerResponse, source: LiveSource, machine: string): Promise<void> {
  try {
    const { facts, lines } = await source.detail(machine);
    const shown = { facts: facts.map((fact) => fact.map(visibleLine)), lines: lines.map(visibleLine) };
    send(response, 200, "application/json", JSON.stringify(shown));
  } catch (error) {
    send(response, 404, "application/json", JSON.stringify({ error: visible((error as Error).message) }));
  }
}
