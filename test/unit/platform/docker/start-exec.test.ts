import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Docker from "dockerode";
import { expect, test } from "vitest";
import { startExec } from "../../../../components/platform/docker/start-exec.ts";

test("a start that the engine refuses leaves no connection open", async () => {
  const server = createServer((_, response) => {
    response.writeHead(500, { "content-type": "application/json" });
    response.end('{"message":"the container is not running"}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const closed = new Promise<void>((resolve) => {
    server.once("connection", (socket) => socket.once("close", () => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  const exec = new Docker({ host: "127.0.0.1", port, protocol: "http" }).getExec("1");
  await expect(startExec(exec)).rejects.toThrow("the container is not running");
  await closed;
  server.close();
});
