import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import {
  type Inspected,
  isOurs,
  listPath,
  mayBeSwitched,
  type Ownership,
  type Passage,
  passageOf,
  startedAlone,
  stripInspected,
  stripListed,
  whyNot,
} from "./rules.ts";

/** A graceful stop takes as long as the node's own time for it. */
const patience = 620_000;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A server that lets through to the Docker socket what `rules.ts` allows. */
export function filter(dockerSocket: string, ownership: Ownership, log: (line: object) => void): Server {
  const ask = (method: string, path: string) => askDocker(dockerSocket, method, path);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn: InTurn = (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const server = createServer((incoming, response) => {
    // Nothing that passes has a body.
    incoming.resume();
    const method = incoming.method ?? "";
    const url = incoming.url ?? "";
    const passage = incoming.headers.upgrade === undefined ? passageOf(method, url) : null;
    const answered = passage === null ? Promise.resolve(refused) : pass(passage, ownership, ask, inTurn);
    answered
      .catch((error: Error) => answer(502, `the Docker Engine can't be asked: ${error.message}`))
      .then(({ status, body }) => {
        if (status === 403) log({ event: "refused", method, url: url.slice(0, 300) });
        reply(response, status, body);
      });
  });
  // An upgraded connection would be a raw line to the engine.
  server.on("upgrade", (_: IncomingMessage, socket) => socket.destroy());
  server.requestTimeout = 10_000;
  server.maxHeadersCount = 50;
  server.maxConnections = 64;
  return server;
}

const answer = (status: number, message: string): Answer => ({ status, body: JSON.stringify({ message }) });
const refused = answer(403, "the filter lets this through to nobody");

type Ask = (method: string, path: string) => Promise<Answer>;
/** Does one thing after the other. */
type InTurn = (work: () => Promise<Answer>) => Promise<Answer>;

async function pass(passage: Passage, ownership: Ownership, ask: Ask, inTurn: InTurn): Promise<Answer> {
  switch (passage.kind) {
    case "ping":
      return ask("GET", "/_ping");
    case "list": {
      const { status, body } = await ask("GET", listPath(ownership));
      return status === 200
        ? { status, body: JSON.stringify(stripListed(JSON.parse(body), ownership)) }
        : { status, body };
    }
    default: {
      const { status, body } = await ask("GET", `/containers/${passage.id}/json`);
      // Whether a container of others exists is no business of a warden either.
      if (status !== 200) return refused;
      const container = JSON.parse(body) as Inspected;
      const labels = container.Config?.Labels;
      if (passage.kind === "inspect")
        return isOurs(labels, ownership)
          ? { status, body: JSON.stringify(stripInspected(container)) }
          : refused;
      // By the full id that the engine told: what was looked at is what is switched.
      if (container.Id !== passage.id || !mayBeSwitched(labels, ownership)) return refused;
      if (startedAlone(labels) && passage.verb !== "stop")
        return inTurn(() => startAlone(passage, ownership, ask));
      return ask("POST", `/containers/${container.Id}/${passage.verb}`);
    }
  }
}

/** Looks again, now that nobody else is starting one, and starts it where it may run. */
async function startAlone(
  passage: Extract<Passage, { kind: "switch" }>,
  ownership: Ownership,
  ask: Ask,
): Promise<Answer> {
  const [one, all] = [
    await ask("GET", `/containers/${passage.id}/json`),
    await ask("GET", listPath(ownership)),
  ];
  if (one.status !== 200 || all.status !== 200) return answer(502, "the Docker Engine can't be asked");
  const reason = whyNot(JSON.parse(one.body), passage, JSON.parse(all.body), Date.now());
  if (reason !== null) return answer(reason.status, reason.message);
  return ask("POST", `/containers/${passage.id}/start`);
}

function reply(response: ServerResponse, status: number, body: string): void {
  const hasBody = status !== 204 && status !== 304;
  response.writeHead(status, hasBody ? { "content-type": "application/json" } : {});
  response.end(hasBody ? body : undefined);
}

function askDocker(socketPath: string, method: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patience);
    const outgoing = request({ socketPath, method, path, host: "docker", signal }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.once("error", reject);
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 502, body: Buffer.concat(pieces).toString("utf8") }),
      );
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
}
