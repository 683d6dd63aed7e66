import { Agent, type IncomingMessage, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** HTTP over a unix socket, one kept-alive connection a caller. */
export class SocketHttp {
  readonly #socketPath: string;
  readonly #always: Readonly<Record<string, string>>;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });

  /** @param password for who wants one */
  constructor(socketPath: string, password: string | null = null) {
    this.#socketPath = socketPath;
    this.#always = password === null ? {} : { authorization: `Bearer ${password}` };
  }

  /**
   * @param timeout milliseconds for the whole exchange
   * @throws Error when nobody answers in time, or with more than 16 MB.
   */
  async ask(method: string, path: string, body?: string, timeout = 1000): Promise<Answer> {
    const signal = AbortSignal.timeout(timeout);
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const headers = { ...this.#always, ...type };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { socketPath: this.#socketPath, agent: this.#agent, host: "control" };
      const outgoing = request({ ...options, method, path, headers, signal }, resolve);
      outgoing.once("error", reject);
      outgoing.end(body);
    });
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of response) {
      pieces.push(piece as Buffer);
      size += (piece as Buffer).length;
      if (size > 16 * 1024 ** 2) throw new Error("the answer is too large");
    }
    return { status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString("utf8") };
  }
}
