// Clients that stay: connections that are opened once and asked over again and again, so that one which ends is seen.
//
//   node keep.ts '<order as JSON>'
//
// Tells what is in protocol.ts. When its input is closed it asks all of them a last time, waits for the answers and ends.

import { connect, type Socket } from "node:net";
import { now } from "./client.ts";
import type { KeepLine, KeepOrder } from "./protocol.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as KeepOrder;
const request = `GET ${order.path} HTTP/1.1\r\nHost: kept\r\n\r\n`;
const tell = (line: KeepLine) => process.stdout.write(`${JSON.stringify(line)}\n`);

interface Kept {
  readonly socket: Socket;
  /** Since when an answer is waited for; null while none is. */
  asked: number | null;
  /** When it is asked again. */
  next: number;
}

const all = new Set<Kept>();
/** Connections that are made at a time: a flood of first packets would be another fault. */
const atOnce = 25;
let [dialled, opened, lost, ending] = [0, 0, 0, false];

function dial(): void {
  for (let made = 0; dialled < order.connections && made < atOnce; made += 1, dialled += 1) {
    const socket = connect({ host: order.host, port: order.port });
    const kept: Kept = { socket, asked: now(), next: 0 };
    all.add(kept);
    socket.once("connect", () => {
      opened += 1;
      ask(kept);
    });
    socket.on("data", () => {
      kept.asked = null;
    });
    socket.on("error", ({ code, message }: NodeJS.ErrnoException) => end(kept, code ?? message));
    socket.on("close", () => end(kept, "closed"));
  }
}

function ask(kept: Kept): void {
  kept.asked = now();
  kept.next = now() + order.every;
  kept.socket.write(request);
}

function end(kept: Kept, why: string): void {
  if (!all.delete(kept)) return;
  kept.socket.destroy();
  lost += 1;
  tell(["ended", now(), why]);
}

function look(): void {
  const time = now();
  for (const kept of all) {
    if (kept.asked !== null && time - kept.asked > order.patience) end(kept, "silent");
    else if (kept.asked === null && kept.next <= time && !ending) ask(kept);
  }
  if (ending && [...all].every(({ asked }) => asked === null)) finish();
}

function finish(): void {
  tell(["kept", opened, lost]);
  process.exit(0);
}

function last(): void {
  if (ending) return;
  ending = true;
  for (const kept of all) if (kept.asked === null) ask(kept);
}

const dialling = setInterval(() => {
  dial();
  if (dialled < order.connections) return;
  clearInterval(dialling);
  tell(["dialled", dialled]);
}, 50);
setInterval(look, 50);
setTimeout(last, order.most);
process.stdin.on("end", last).on("error", last).resume();
