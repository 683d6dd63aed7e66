// A small API server to put behind the balancers: tells which node answered, and ends gracefully.
//
// Environment: PORT (8080), HOTSPARE_NODE and HOTSPARE_CLUSTER (who it is), HOTSPARE_DRAIN_MS (500: how long it still
// answers after SIGTERM, failing /readyz, so that balancers leave it before it closes its door).

import { createServer } from "node:http";
import { hostname } from "node:os";

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

let counter = 0;
let requests = 0;
let draining = false;

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
  "POST /counter": async (request, response) => {
    await readBody(request);
    counter += 1;
    reply(response, 200, { ...identity, counter, key: request.headers["idempotency-key"] ?? null });
  },
  "GET /slow": async (_request, response, url) => {
    await wait(delay(url));
    reply(response, 200, { ...identity, waited: delay(url) });
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
  const handler = handlers[`${request.method === "HEAD" ? "GET" : request.method} ${url.pathname}`];
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
server.listen(port, "0.0.0.0", () => log("started", { port, version: process.version }));
