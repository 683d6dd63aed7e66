// Open-loop load: sends what is due when it is due, whatever became of those before, and tells of every operation.
//
//   node main.ts '<order as JSON>'
//
// Ends when its input is closed (so that it never outlives the one who ordered it) or after `most` milliseconds, and then
// waits for what is under way.

import { Client, now } from "./client.ts";
import { probe } from "./probe.ts";
import type { Line, Order } from "./protocol.ts";
import { dealer, dueAt, dueCount } from "./schedule.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as Order;

// Written in pieces: one system call for each operation would cost as much as the operation.
const lines: string[] = [];
function tell(line: Line): void {
  if (line[0] === "o") ended += 1;
  lines.push(JSON.stringify(line));
}
function flush(): void {
  if (lines.length > 0) process.stdout.write(`${lines.splice(0).join("\n")}\n`);
}

let [sent, ended, stopped] = [0, 0, false];
const client = new Client(order, tell);
const deal = dealer(order.streams.map(({ share }) => share));
const begin = now();

function sendDue(): void {
  const due = dueCount(now() - begin, order.rate, order.most);
  for (; sent < due; sent += 1) {
    const stream = order.streams[deal()];
    if (stream === undefined) throw new Error("an order without streams");
    client.send(`${order.run}-${sent}`, stream, begin + dueAt(sent, order.rate));
  }
}

function stop(): void {
  if (stopped) return;
  stopped = true;
  clearInterval(sending);
  clearInterval(probing);
}

function finish(): void {
  if (!stopped || client.inFlight > 0) return;
  tell(["end", sent, ended]);
  clearInterval(flushing);
  flush();
  process.exit(0);
}

tell(["begin", Math.round(begin * 10) / 10]);
const sending = setInterval(sendDue, 1);
const probing =
  order.probeEvery > 0
    ? setInterval(() => probe(order.host, order.probePort, tell), order.probeEvery)
    : undefined;
const flushing = setInterval(() => {
  flush();
  finish();
}, 50);
setTimeout(stop, order.most);
process.stdin.on("end", stop).on("error", stop).resume();
