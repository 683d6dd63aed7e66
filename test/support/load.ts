// Open-loop load from inside a Docker network: fed to Node in a container through stdin, told by one JSON argument.
// Prints one JSON object when every request has ended.

import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";

export interface LoadOptions {
  url: string;
  /** Requests a second, sent when they are due, whatever became of those before. */
  rps: number;
  seconds: number;
  /** Share of POST, 0–1. */
  post?: number;
  /** A new connection for every request, as new clients have. */
  fresh?: boolean;
  /** Milliseconds that a client waits. */
  timeout?: number;
}

export interface LoadResult {
  sent: number;
  ok: number;
  /** Count by method and reason, e.g. `POST 502`. */
  failed: Record<string, number>;
  /** Count by the node that answered. */
  nodes: Record<string, number>;
  /** Longest time without a success, in ms. */
  longestGap: number;
  /** From when a request was due, in ms. */
  latency: { p50: number; p99: number; max: number; over1s: number };
}

const options: LoadOptions = JSON.parse(process.argv[2] ?? "{}");
const { url, rps, seconds, post = 0, fresh = false, timeout = 8000 } = options;
const agent = fresh
  ? new Agent({ keepAlive: false })
  : new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const target = new URL(url);
const total = Math.round(rps * seconds);
const latencies: number[] = [];
const failed: Record<string, number> = {};
const nodes: Record<string, number> = {};
const begin = performance.now();
let [sent, finished, longestGap, lastSuccess] = [0, 0, 0, begin];

function finish(due: number, problem: string | null): void {
  finished += 1;
  if (problem !== null) failed[problem] = (failed[problem] ?? 0) + 1;
  else {
    const now = performance.now();
    longestGap = Math.max(longestGap, now - lastSuccess);
    lastSuccess = now;
    latencies.push(now - due);
  }
  if (finished === total) report();
}

function one(due: number): void {
  const method = Math.random() < post ? "POST" : "GET";
  const path = method === "POST" ? "/counter" : target.pathname + target.search;
  let ended = false;
  const end = (reason: string | null) => {
    if (ended) return;
    ended = true;
    finish(due, reason === null ? null : `${method} ${reason}`);
  };
  const outgoing: ClientRequest = request(
    {
      host: target.hostname,
      port: target.port || 80,
      path,
      method,
      agent,
      timeout,
      headers: { "content-length": 0 },
    },
    (response: IncomingMessage) => {
      const node = String(response.headers["x-node"] ?? "none");
      const status = response.statusCode ?? 0;
      nodes[node] = (nodes[node] ?? 0) + 1;
      response.on("error", () => end("cut off"));
      response.on("end", () => end(status < 400 ? null : String(status)));
      response.resume();
    },
  );
  outgoing.on("timeout", () => outgoing.destroy(new Error("timeout")));
  outgoing.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  outgoing.end();
}

function report(): void {
  const sorted = latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const latency = {
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    over1s: sorted.filter((ms) => ms > 1000).length,
  };
  const result: LoadResult = {
    sent,
    ok: sorted.length,
    failed,
    nodes,
    longestGap: Math.round(longestGap),
    latency,
  };
  console.log(JSON.stringify(result));
  process.exit(0);
}

const timer = setInterval(() => {
  const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * rps));
  for (; sent < due; sent += 1) one(begin + (sent * 1000) / rps);
  if (sent === total) clearInterval(timer);
}, 1);
