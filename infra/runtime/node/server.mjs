// A small API server to put behind the balancers: tells which node answered, by HTTP and by UDP, and ends gracefully.
//
// Environment: PORT (8080), HOTSPARE_NODE and HOTSPARE_CLUSTER (who it is), HOTSPARE_DRAIN_MS (500: how long it still
// answers after SIGTERM, failing /readyz, so that balancers leave it before it closes its door).
//
// Of a path only the last segment counts, so that it answers below every route: /idempotent/counter is /counter.
//
// For drills: an executed POST that bears `x-hotspare-operation` is told in one line of the log, and loopback, which nobody
// outside this container reaches, can order faults: PUT /fault?kind=status&status=500, ?kind=slow&ms=3000, ?kind=crash
// and DELETE /fault on port 9181.

import { createSocket } from "node:dgram";
import { createServer } from "node:http";
import { hostname, networkInterfaces } from "node:os";

const port = Number(process.env.PORT ?? 8080);
const identity = {
  node: process.env.HOTSPARE_NODE ?? hostname(),
  cluster: process.env.HOTSPARE_CLUSTER ?? "none",
};
const drainMilliseconds = Number(process.env.HOTSPARE_DRAIN_MS ?? 500);
const started = Date.now();
/** Largest body that /echo and /counter read. */
const mostBytes = 1024 * 1024;
const longestDelay = 60_000;

const faultPort = 9181;

let counter = 0;
let requests = 0;
let draining = false;
/** What a drill has ordered; null in ordinary life. */
let fault = null;

function log(event, more = {}) {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), event, ...identity, ...more })}\n`,
  );
}

function reply(response, status, body) {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > mostBytes) throw Object.assign(new Error("the body is larger than 1 MiB"), { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Delay in milliseconds from the query; 0 for what is no number. */
function delay(url) {
  const milliseconds = Number(url.searchParams.get("ms") ?? 0);
  return Number.isFinite(milliseconds) ? Math.min(Math.max(milliseconds, 0), longestDelay) : 0;
}

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const handlers = {
  "GET /": (_request, response) =>
    reply(response, 200, { message: "hello", ...identity, requests, uptime: (Date.now() - started) / 1000 }),
  "GET /identity": (_request, response) => reply(response, 200, { ...identity, pid: process.pid, started }),
  // Alive: the process turns its event loop. Ready: it wants traffic.
  "GET /healthz": (_request, response) => reply(response, 200, { status: "pass" }),
  "GET /readyz": (_request, response) =>
    draining
      ? reply(response, 503, { status: "fail", reason: "draining" })
      : reply(response, 200, { status: "pass" }),
  "GET /counter": (_request, response) => reply(response, 200, { ...identity, counter }),
  "POST /counter": async (request, response, url) => {
    await readBody(request);
    await wait(delay(url));
    counter += 1;
    const operation = request.headers["x-hotspare-operation"]?.slice(0, 64);
    // Before the answer, since that may never arrive: what counts is that it was done. `run` tells lives of a node apart.
    if (operation !== undefined) log("executed", { operation, run: `${started}-${counter}` });
    reply(response, 200, { ...identity, counter, key: request.headers["idempotency-key"] ?? null });
  },
  "GET /slow": async (_request, response, url) => {
    await wait(delay(url));
    reply(response, 200, { ...identity, waited: delay(url) });
  },
  // What breaks whoever serves it, and what no buffer holds: for drills.
  "GET /break": (request) => request.socket.destroy(),
  "GET /header": (_request, response, url) => {
    const bytes = Math.min(1_048_576, Number(url.searchParams.get("bytes")) || 0);
    response.setHeader("x-large", "x".repeat(bytes));
    reply(response, 200, identity);
  },
  "POST /echo": async (request, response) => {
    const body = await readBody(request);
    response.writeHead(200, {
      "content-type": request.headers["content-type"] ?? "application/octet-stream",
      "content-length": body.length,
    });
    response.end(body);
  },
};

async function handle(request, response) {
  requests += 1;
  response.setHeader("x-node", identity.node);
  // What is open when the server drains must not be used again.
  if (draining) response.setHeader("connection", "close");
  const url = new URL(request.url, "http://node");
  if (fault?.kind === "status") return reply(response, fault.status, { error: "a drill", ...identity });
  if (fault?.kind === "slow") await wait(fault.ms);
  const name = url.pathname.slice(url.pathname.lastIndexOf("/"));
  const handler = handlers[`${request.method === "HEAD" ? "GET" : request.method} ${name}`];
  if (handler === undefined) return reply(response, 404, { error: "no such resource", path: url.pathname });
  return handler(request, response, url);
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    // A client that went away is no error of the server.
    if (error.code === "ECONNRESET") return;
    if (error.status === undefined) log("error", { message: error.message, url: request.url });
    if (!response.headersSent) reply(response, error.status ?? 500, { error: error.message });
    else response.destroy();
  });
});
// Longer than any balancer keeps an idle connection (nginx here 4 s, by default 60 s): the one who sends must be the one who
// closes first, or a request meets a connection that is just being closed and is lost.
server.keepAliveTimeout = 75_000;
server.headersTimeout = 80_000;

/** Takes a drill's order. A crash ends the process as it stands, as an error nobody caught would. */
const control = createServer((request, response) => {
  const url = new URL(request.url, "http://loopback");
  if (url.pathname !== "/fault") return reply(response, 404, { error: "only /fault" });
  if (request.method === "DELETE") fault = null;
  else if (request.method === "PUT") {
    const kind = url.searchParams.get("kind");
    const status = Number(url.searchParams.get("status") ?? 500);
    if (kind === "crash") process.exit(70);
    if (kind !== "status" && kind !== "slow") return reply(response, 400, { error: "no such fault" });
    fault = { kind, status: status >= 200 && status <= 599 ? status : 500, ms: delay(url) };
  }
  log("fault", { fault });
  return reply(response, 200, { fault, at: Date.now() });
});
control.on("error", (error) => log("error", { message: `no faults can be ordered: ${error.message}` }));
control.listen(faultPort, "127.0.0.1");

/** Says "not ready" first, goes on answering until the balancers have seen it, then closes when the last request ends. */
async function stop(signal) {
  if (draining) return;
  draining = true;
  log("stopping", { signal, requests });
  await wait(drainMilliseconds);
  server.close(() => {
    log("stopped", { requests });
    process.exit(0);
  });
  // close() leaves idle keep-alive connections alone until their time-out, and busy ones turn idle one by one.
  setInterval(() => server.closeIdleConnections(), 20).unref();
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("uncaughtException", (error) => {
  log("crash", { message: error.message, stack: error.stack });
  process.exit(1);
});
server.on("error", (error) => {
  log("error", { message: error.message });
  process.exit(1);
});

/**
 * UDP on the same port: whatever comes is answered with who this is. On each address by itself, since a socket for all of them answers
 * from the machine's own, and a client of the virtual address would take that for nobody's. Looked at again: it may come later.
 */
const datagrams = new Map();
function listenToDatagrams() {
  const addresses = Object.values(networkInterfaces()).flat();
  for (const { address, family } of addresses) {
    if (family !== "IPv4" || datagrams.has(address)) continue;
    const socket = createSocket("udp4");
    datagrams.set(address, socket);
    socket.on("message", (_message, from) =>
      socket.send(`${JSON.stringify({ ...identity, at: address })}\n`, from.port, from.address),
    );
    socket.on("error", () => {
      socket.close();
      datagrams.delete(address);
    });
    socket.bind(port, address);
    socket.unref();
  }
}
listenToDatagrams();
setInterval(listenToDatagrams, 1000).unref();

server.listen(port, "0.0.0.0", () => log("started", { port, version: process.version }));
