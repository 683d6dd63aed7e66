import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";

/** What stands for nginx's control socket: it takes documents and tells a status. */
export class ControlStub {
  readonly path: string;
  /** Documents that were put, in their order. */
  readonly taken: { readonly revision: string; readonly pools: Record<string, { members: StubMember[] }> }[] =
    [];
  /** What the status tells besides the revision. */
  status: Record<string, unknown> = { generation: 1, loadedAt: 1, pools: {} };
  /** How a PUT is answered: 200 takes the document. */
  code = 200;
  #revision = "0";
  #server: Server | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** nginx starts, with a document of this revision. */
  async start(revision = "0"): Promise<void> {
    this.#revision = revision;
    rmSync(this.path, { force: true });
    const server = createServer(async (request, response) => {
      if (request.method === "GET") {
        response.end(JSON.stringify({ ...this.status, revision: this.#revision }));
        return;
      }
      const document = JSON.parse(await text(request));
      response.statusCode = this.code;
      if (this.code === 200) {
        this.#revision = document.revision;
        this.taken.push(document);
      }
      response.end("{}");
    });
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
    this.#server = server;
  }

  /** nginx is gone; its socket stays behind, as after a kill. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
  }
}

export interface StubMember {
  readonly key: string;
  readonly address: string;
  readonly role: string;
}
