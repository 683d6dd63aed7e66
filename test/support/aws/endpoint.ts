import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, vi } from "vitest";

/** For the tests of a file: all of AWS is one server, that answers so, and somebody is signed in. */
export function standInForAws(
  answer: (headers: IncomingHttpHeaders, body: string) => { status: number; body: string },
): void {
  let server: Server;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { status, body } = answer(request.headers, await text(request));
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });
}
