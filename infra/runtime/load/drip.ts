// Slow clients: connections on which half a header or half a body comes, and then a byte now and then, as slowloris does.
//
//   node drip.ts '<order as JSON>'
//
// Tells `["dripping", <connections open>]` every half second. What the other side closes is opened again. Ends with its input.

import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { DripOrder } from "./protocol.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as DripOrder;
const open = new Set<Socket>();
/** Connections that are made at a time: a flood of first packets would be another fault. */
const atOnce = 50;

const header = "GET / HTTP/1.1\r\nHost: slow\r\nX-Slow: ";
const body = "POST /echo HTTP/1.1\r\nHost: slow\r\nContent-Length: 100000\r\n\r\n";

function dialOnce(): Socket {
  const { host, port, tls } = order;
  return tls ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
}

let next = 0;
function dial(): void {
  for (let made = 0; open.size < order.connections && made < atOnce; made += 1) {
    const socket = dialOnce();
    const begins = next++ % 2 === 0 ? header : body;
    open.add(socket);
    socket.on(order.tls ? "secureConnect" : "connect", () => socket.write(begins));
    socket.on("data", () => undefined);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
  }
}

setInterval(dial, 50);
setInterval(() => {
  for (const socket of open) if (socket.readyState === "open") socket.write("x");
}, order.every);
setInterval(() => {
  const count = [...open].filter(({ readyState }) => readyState === "open").length;
  process.stdout.write(`${JSON.stringify(["dripping", count])}\n`);
}, 500);
setTimeout(() => process.exit(), order.most);
const end = () => process.exit();
process.stdin.on("end", end).on("error", end).resume();
