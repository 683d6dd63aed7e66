// Requests one after the other, from inside a Docker network: run by Node in a container, told by one JSON argument. Prints
// the answers as one JSON array.

import { Agent, request } from "node:http";

export interface Sending {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of the body. */
  readonly bytes?: number;
  /** How often; 1 when left out. */
  readonly times?: number;
  /** Milliseconds before each. */
  readonly pause?: number;
  /** How many at the same time. */
  readonly together?: number;
}

export interface Answer {
  /** 0 when the connection broke. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Milliseconds until each piece of the body. */
  readonly pieces: readonly number[];
}

const { origin, sendings }: { origin: string; sendings: Sending[] } = JSON.parse(process.argv[2] ?? "{}");
const agent = new Agent({ keepAlive: true });

function one({ path, method = "GET", headers = {}, bytes }: Sending): Promise<Answer> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const { hostname, port } = new URL(origin);
    const broken: Answer = { status: 0, headers: {}, body: "", pieces: [] };
    const length = bytes === undefined ? {} : { "content-length": bytes };
    const options = { hostname, port: port || 80, path, method, agent, headers: { ...length, ...headers } };
    const outgoing = request({ ...options, maxHeaderSize: 131_072 }, (response) => {
      let body = "";
      const pieces: number[] = [];
      response.on("data", (piece) => {
        body += piece;
        pieces.push(Math.round(performance.now() - begun));
      });
      response.on("error", () => resolve(broken));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, pieces }),
      );
    });
    outgoing.setTimeout(10_000, () => outgoing.destroy());
    outgoing.on("error", () => resolve(broken));
    outgoing.end(bytes === undefined ? undefined : Buffer.alloc(bytes, "x"));
  });
}

const answers: Answer[] = [];
for (const sending of sendings) {
  const { times = 1, pause = 0, together = 1 } = sending;
  for (let begun = 0; begun < times; begun += together) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    answers.push(
      ...(await Promise.all(Array.from({ length: Math.min(together, times - begun) }, () => one(sending)))),
    );
  }
}
// All of it, before the end: a pipe takes no more than 64 KB at once.
process.stdout.write(`${JSON.stringify(answers)}\n`, () => process.exit(0));
