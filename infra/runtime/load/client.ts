import * as http from "node:http";
import * as https from "node:https";
import type { OperationLine, Order, Stream } from "./protocol.ts";

type Tell = (line: OperationLine) => void;

/** Sends single requests and tells how each ended. Never sends one a second time: what is lost shall be seen. */
export class Client {
  readonly #order: Order;
  readonly #tell: Tell;
  readonly #request: typeof http.request;
  readonly #kept: http.Agent;
  readonly #fresh: http.Agent;
  inFlight = 0;

  constructor(order: Order, tell: Tell) {
    this.#order = order;
    this.#tell = tell;
    const { Agent, request } = order.tls ? https : http;
    // Without a limit of sockets: a request that had to wait for a free one would no longer be sent when it is due.
    const unlimited = { maxSockets: Number.POSITIVE_INFINITY };
    // A session that is taken up again would spare new clients their handshake, which real ones have.
    const tls = order.tls ? { rejectUnauthorized: false, maxCachedSessions: 0 } : {};
    this.#request = request;
    this.#kept = new Agent({ keepAlive: true, scheduling: "fifo", ...unlimited, ...tls });
    this.#fresh = new Agent({ keepAlive: false, ...unlimited, ...tls });
  }

  /** @param due on the machine's clock, in milliseconds */
  send(id: string, stream: Stream, due: number): void {
    const { host, port, patience, mostInFlight } = this.#order;
    const late = now() - due;
    if (this.inFlight >= mostInFlight) {
      this.#tell(["o", id, stream.name, round(due), round(late), 0, null, "not-sent", 0]);
      return;
    }
    this.inFlight += 1;
    let ended = false;
    const end = (outcome: string, node: string | null = null) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      this.inFlight -= 1;
      const reused = outgoing.reusedSocket ? 1 : 0;
      this.#tell(["o", id, stream.name, round(due), round(late), round(now() - due), node, outcome, reused]);
    };
    const outgoing = this.#request(
      {
        host,
        port,
        path: stream.path,
        method: stream.method,
        agent: stream.fresh ? this.#fresh : this.#kept,
        headers: { "x-hotspare-operation": id, ...(stream.method === "POST" ? { "content-length": 0 } : {}) },
      },
      (response) => {
        const node = response.headers["x-node"];
        const status = response.statusCode ?? 0;
        const from = typeof node === "string" ? node : null;
        response.on("error", () => end("cut-off", from));
        response.on("end", () => end(status < 400 ? "ok" : String(status), from));
        response.resume();
      },
    );
    // A timer of our own: the socket's time-out counts silence, not the whole wait, and begins with the connection.
    const timer = setTimeout(() => {
      end("timeout");
      outgoing.destroy();
    }, patience);
    outgoing.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    outgoing.end();
  }
}

/** Milliseconds on the machine's clock, finer than Date.now(). */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
