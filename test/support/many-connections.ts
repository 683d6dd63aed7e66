import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/*
 * Runs in a container: opens many connections from one address, sends the same bytes on each, and perhaps a byte more every so
 * often, and says after a while how many of them are still open.
 */

export interface ManyConnections {
  readonly host: string;
  readonly port: number;
  readonly count: number;
  /** What each sends first. */
  readonly text: string;
  /** Milliseconds between two further bytes; 0 for none. */
  readonly drip: number;
  /** Milliseconds until they are counted. */
  readonly after: number;
}

export interface Opened {
  readonly open: number;
  /** Never came about, or ended with a reset. */
  readonly refused: number;
  /** First lines of answers, by how often. */
  readonly answers: Readonly<Record<string, number>>;
}

const { host, port, count, text, drip, after } = JSON.parse(process.argv[2] ?? "") as ManyConnections;
const open = new Set<Socket>();
const answers: Record<string, number> = {};
let refused = 0;
for (let index = 0; index < count; index++) {
  const socket = connect({ host, port });
  socket.once("connect", () => {
    open.add(socket);
    socket.write(text);
    if (drip > 0) setInterval(() => socket.writable && socket.write("a"), drip).unref();
  });
  socket.once("data", (data) => {
    const line = data.toString("latin1").split("\r\n")[0] ?? "";
    answers[line] = (answers[line] ?? 0) + 1;
  });
  socket.once("error", () => refused++);
  socket.once("close", () => open.delete(socket));
  if (index % 100 === 99) await sleep(10);
}
await sleep(after);
console.log(JSON.stringify({ open: open.size, refused, answers } satisfies Opened));
process.exit(0);
