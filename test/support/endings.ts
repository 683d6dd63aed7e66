// Requests that end in every way there is, many at a time, from inside a Docker network: run by Node in a container, told by
// one JSON argument. Prints how many ended in which way.

import { request } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import { createConnection } from "node:net";

export interface EndingsOptions {
  readonly host: string;
  readonly requests: number;
  readonly together: number;
  readonly seed: number;
}

const options: EndingsOptions = JSON.parse(process.argv[2] ?? "{}");
const { host, requests, together } = options;
let state = options.seed;

/** From 0 to below `limit`; the same row for the same seed. */
function random(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

const choose = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
const routes = ["", "/twice", "/once", "/stream", "/limited", "/one"];
const accelerated = encodeURIComponent(JSON.stringify({ "x-accel-redirect": "/one/fine" }));
const answers = [
  ...Array(8).fill("/fine"),
  "/break",
  "/half",
  "/cut",
  "/status?code=503",
  "/status?code=500",
  "/large?bytes=60000",
  `/choose?headers=${accelerated}`,
  "/slow?ms=40",
];
let number = 0;
const operation = () => `${options.seed}-${++number}`;

/** A request, left by its client after some milliseconds if it hasn't ended by then. */
function plain(
  leave: number | null,
  method: string,
  bytes: number | null,
  announced = bytes,
): Promise<string> {
  return new Promise((resolve) => {
    const headers = {
      "x-operation": operation(),
      ...(announced === null ? {} : { "content-length": announced }),
    };
    const path = `${choose(routes)}${choose(answers)}`;
    const outgoing = request({ host, path, method, headers, agent: false }, (response) => {
      response.on("error", () => resolve("cut off"));
      response.on("end", () => resolve(String(response.statusCode)));
      response.resume();
    });
    outgoing.on("error", () => resolve(leave === null ? "broken" : "left"));
    if (bytes === null || bytes === announced) outgoing.end(bytes === null ? undefined : Buffer.alloc(bytes));
    else outgoing.write(Buffer.alloc(bytes));
    if (leave !== null) setTimeout(() => outgoing.destroy(), leave);
    setTimeout(() => outgoing.destroy(), 5_000);
  });
}

/** What is no HTTP, or ends in the middle of its header or body. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection(80, host, () => socket.write(text));
    socket.on("error", () => {});
    socket.on("close", () => resolve("raw"));
    socket.resume();
    setTimeout(() => socket.destroy(), random(60));
  });
}

const upgrade = (path: string) =>
  raw(
    `GET /stream/${path} HTTP/1.1\r\nHost: test\r\nX-Operation: ${operation()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );

let session: ClientHttp2Session | null = null;

/** A stream of HTTP/2, reset at some moment or not; now and then the whole connection ends. */
function stream(): Promise<string> {
  if (session === null || session.closed || session.destroyed) {
    session = connect(`https://${host}`, { rejectUnauthorized: false });
    session.on("error", () => {});
  }
  const current = session;
  return new Promise((resolve) => {
    const path = `${choose(routes)}${choose(answers)}`;
    const one = current.request({ ":path": path, "x-operation": operation() });
    one.on("error", () => {});
    one.on("close", () => resolve("stream"));
    one.resume();
    if (random(2) === 0) setTimeout(() => one.close(8), random(30));
    if (random(50) === 0) setTimeout(() => current.destroy(), random(30));
    setTimeout(() => one.destroy(), 5_000);
  });
}

const kinds: readonly (() => Promise<string>)[] = [
  () => plain(null, "GET", null),
  () => plain(null, "GET", null),
  () => plain(null, "POST", random(2_000)),
  () => plain(random(40), "GET", null),
  () => plain(random(40), "POST", 100, 5_000),
  // Larger than the limit: announced, and refused before it comes.
  () => plain(random(40), "POST", 1_000, 3_000_000),
  () =>
    raw(
      `POST /stream/upload HTTP/1.1\r\nHost: test\r\nX-Operation: ${operation()}\r\nContent-Length: 900\r\n\r\nabc`,
    ),
  () =>
    raw(
      `POST /stream/upload HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nnonsense\r\n`,
    ),
  () => raw("GET / HTTP/1.1\r\nHost: te st\r\n\r\n"),
  () => raw("GET /fine HTTP/1.1\r\nHost: test\r\nX-Half"),
  () => upgrade("stay"),
  () => upgrade("leave"),
  stream,
  stream,
];

const ended: Record<string, number> = {};
let begun = 0;
async function worker(): Promise<void> {
  while (begun < requests) {
    begun += 1;
    const how = await choose(kinds)().catch(() => "failed");
    ended[how] = (ended[how] ?? 0) + 1;
  }
}
await Promise.all(Array.from({ length: together }, worker));
console.log(JSON.stringify(ended));
process.exit(0);
