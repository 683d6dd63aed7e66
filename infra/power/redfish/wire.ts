import type { Agent, IncomingHttpHeaders, RequestOptions } from "node:http";
import { request, Agent as SecureAgent } from "node:https";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { type Controller, PowerError } from "../types.ts";

/*
 * HTTPS to one controller. Its certificate is compared before anything is sent: most sign theirs themselves, so the digest that the stack
 * names is all there is to tell it by.
 */

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

const largest = 16 * 1024 ** 2;

/** Node keeps `signal` from agents, so it goes by another name, too. */
interface PinnedOptions extends RequestOptions {
  readonly ending?: AbortSignal;
}

class PinnedAgent extends SecureAgent {
  readonly #pinned: string;
  readonly #fail: (found: string) => Error;

  constructor(pinned: string, fail: (found: string) => Error) {
    super({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 });
    this.#pinned = pinned;
    this.#fail = fail;
  }

  override createConnection(
    options: PinnedOptions,
    handOver?: (error: Error | null, socket: TLSSocket) => void,
  ): null {
    const socket = connect({ ...(options as ConnectionOptions), rejectUnauthorized: false, servername: "" });
    let isOver = false;
    // Once: what the connection meets afterwards is its request's.
    const done = (error: Error | null) => {
      if (!isOver) handOver?.(error, socket);
      isOver = true;
    };
    // Node calls `checkServerIdentity` for no certificate that isn't trusted, so it is looked at here.
    socket.once("secureConnect", () => {
      const found = `sha256:${(socket.getPeerX509Certificate()?.fingerprint256 ?? "").replaceAll(":", "").toLowerCase()}`;
      if (found === this.#pinned) return done(null);
      socket.destroy();
      done(this.#fail(found));
    });
    socket.on("error", done);
    // Until it is handed over nobody else ends it: Node aborts no request that has no socket yet.
    const { ending } = options;
    const end = () => socket.destroy(ending?.reason as Error);
    const free = () => ending?.removeEventListener("abort", end);
    socket.once("secureConnect", free).once("close", free);
    if (ending?.aborted) end();
    else ending?.addEventListener("abort", end, { once: true });
    return null;
  }
}

/** Requests to one controller. */
export class Wire {
  readonly #controller: Controller;
  readonly #agent: Agent;

  constructor(controller: Controller) {
    this.#controller = controller;
    const { certificate } = controller;
    this.#agent =
      certificate === null
        ? new SecureAgent({ keepAlive: true, maxSockets: 1 })
        : new PinnedAgent(certificate, (found) =>
            this.#failure(
              "certificate",
              `shows the certificate ${found}, not bmc.certificate, so nothing was sent; compare it with the one that the controller's own page shows`,
            ),
          );
  }

  /** Host and port, as an address. */
  get origin(): string {
    const { host, port } = this.#controller;
    return `${host}:${port ?? 443}`;
  }

  /**
   * @param timeout milliseconds for the whole exchange
   * @throws PowerError when no whole answer comes; an order may have been taken nevertheless
   */
  async ask(asked: WireRequest, timeout: number, signal: AbortSignal | undefined): Promise<WireAnswer> {
    const late = AbortSignal.timeout(timeout);
    const either = signal === undefined ? late : AbortSignal.any([late, signal]);
    try {
      return await this.#exchange(asked, either);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof PowerError) throw error;
      if (late.aborted || (error as Error).name === "TimeoutError")
        throw this.#failure(
          "unreachable",
          `has not answered within ${timeout / 1000} s; is there a route to it, and is it well?`,
        );
      throw this.#unreachable(error as NodeJS.ErrnoException);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #exchange({ method, path, headers, body }: WireRequest, signal: AbortSignal): Promise<WireAnswer> {
    const { host, port } = this.#controller;
    for (;;) {
      let reused = false;
      try {
        return await new Promise<WireAnswer>((resolve, reject) => {
          const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
          const options: PinnedOptions = { signal, ending: signal };
          const outgoing = request(
            {
              ...options,
              host,
              port: port ?? 443,
              path,
              method,
              agent: this.#agent as SecureAgent,
              headers: { ...headers, ...length },
            },
            (incoming) => {
              const pieces: Buffer[] = [];
              let size = 0;
              incoming.on("data", (piece: Buffer) => {
                size += piece.length;
                if (size > largest) incoming.destroy(new Error("the answer is too large"));
                else pieces.push(piece);
              });
              incoming.once("error", reject);
              incoming.once("end", () =>
                resolve({
                  status: incoming.statusCode ?? 0,
                  headers: incoming.headers,
                  text: Buffer.concat(pieces).toString("utf8"),
                }),
              );
            },
          );
          // As often as it tells: one that ends before it has a connection may do so again when it gets one.
          outgoing.on("error", (error) => {
            reused = outgoing.reusedSocket;
            reject(error);
          });
          outgoing.end(body);
        });
      } catch (error) {
        // It has closed an idle connection just when we wrote to it (Node's documentation, `request.reusedSocket`). An order may have been
        // taken before, so it isn't given twice.
        if (
          method === "POST" ||
          !(reused && (error as NodeJS.ErrnoException).code === "ECONNRESET") ||
          signal.aborted
        )
          throw error;
      }
    }
  }

  #unreachable({ code: given, message }: NodeJS.ErrnoException): PowerError {
    // A `DOMException` has a number in its place.
    const code = typeof given === "string" ? given : undefined;
    if (
      code === "DEPTH_ZERO_SELF_SIGNED_CERT" ||
      code === "SELF_SIGNED_CERT_IN_CHAIN" ||
      code?.startsWith("ERR_TLS_CERT") ||
      code?.startsWith("CERT_") ||
      code?.startsWith("UNABLE_TO_")
    )
      return this.#failure(
        "certificate",
        `shows a certificate that can't be trusted (${message}); name its digest in bmc.certificate`,
      );
    const words: Readonly<Record<string, string>> = {
      ECONNREFUSED: "refuses connections; is Redfish switched on there, and on this port?",
      ENOTFOUND: "isn't known by that name; correct bmc.host",
      EAI_AGAIN: "can't be looked up by that name; correct bmc.host, or ask your name server",
      EHOSTUNREACH: "can't be reached; is there a route to the controllers' network?",
      ENETUNREACH: "can't be reached; is there a route to the controllers' network?",
      EPROTO: "speaks no TLS that is safe today; update its firmware",
    };
    return this.#failure("unreachable", words[code ?? ""] ?? `broke the connection (${message}); try again`);
  }

  #failure(failure: PowerError["failure"], text: string): PowerError {
    return new PowerError(failure, `${this.#controller.server}: its controller at ${this.origin} ${text}`);
  }
}
