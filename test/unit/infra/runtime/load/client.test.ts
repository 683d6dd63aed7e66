import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Client } from "../../../../../infra/runtime/load/client.ts";
import type { OperationLine, Order } from "../../../../../infra/runtime/load/protocol.ts";
import { controllerCertificate } from "../../../../../scripts/lab/controller/certificate.ts";

const { key, certificate: cert } = controllerCertificate("load");

/** Sends two requests on kept connections, one after the other, and one on a new one. @returns what was told, in order */
async function three(tls: boolean): Promise<OperationLine[]> {
  const answer: http.RequestListener = (_, response) => void response.setHeader("x-node", "web-1").end();
  const server = tls ? https.createServer({ key, cert }, answer) : http.createServer(answer);
  server.listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const told: OperationLine[] = [];
  let heard = () => {};
  const order: Order = {
    run: "run",
    host: "127.0.0.1",
    port,
    tls,
    rate: 1,
    most: 1,
    streams: [],
    patience: 20_000,
    mostInFlight: 10,
    probeEvery: 0,
    probePort: port,
  };
  const client = new Client(order, (line) => {
    told.push(line);
    heard();
  });
  for (const [index, fresh] of [false, false, true].entries()) {
    const ended = new Promise<void>((resolve) => (heard = resolve));
    const stream = { name: "get", method: "GET", path: "/", share: 1, fresh } as const;
    client.send(`run-${index}`, stream, performance.timeOrigin + performance.now());
    await ended;
    // The socket goes back to its agent after the answer's end.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return told;
}

test.each([false, true])(
  "requests are counted alike by HTTP and by TLS (%s), and kept connections are kept",
  async (tls) => {
    const told = await three(tls);
    expect(told.map(([, id, , , , , node, outcome, reused]) => [id, node, outcome, reused])).toEqual([
      ["run-0", "web-1", "ok", 0],
      ["run-1", "web-1", "ok", 1],
      ["run-2", "web-1", "ok", 0],
    ]);
  },
);
