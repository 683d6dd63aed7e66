import { createServer, type Server } from "node:http";

export interface Note {
  id: number;
  body: string;
  system: boolean;
  author: { username: string } | null;
}

/** GitLab as far as notes of one merge request are concerned: project 5, merge request 7, pages as asked for. */
export class GitLabStub {
  notes: Note[] = [];
  readonly requests: string[] = [];
  /** Answers that come before the real ones. */
  failures: { status: number; headers?: Record<string, string> }[] = [];
  mergeRequest = { state: "opened", sha: "a".repeat(40) };
  readonly token = "glpat-of-a-test";
  url = "";
  private server: Server | undefined;

  static async start(): Promise<GitLabStub> {
    const stub = new GitLabStub();
    stub.server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { status, body, headers } = stub.answer(
        request.method ?? "",
        request.url ?? "",
        request.headers["private-token"] === stub.token,
        Buffer.concat(chunks).toString(),
      );
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body === undefined ? "" : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => stub.server?.listen(0, "127.0.0.1", resolve));
    stub.url = `http://127.0.0.1:${(stub.server.address() as { port: number }).port}/api/v4`;
    return stub;
  }

  stop(): void {
    this.server?.close();
  }

  add(username: string | null, body: string, system = false): Note {
    const note = {
      id: this.notes.length + 100,
      body,
      system,
      author: username === null ? null : { username },
    };
    this.notes.push(note);
    return note;
  }

  get writes(): string[] {
    return this.requests.filter((line) => !line.startsWith("GET"));
  }

  private answer(method: string, url: string, known: boolean, text: string) {
    this.requests.push(`${method} ${url.replace("/api/v4", "")}`);
    const failure = this.failures.shift();
    if (failure) return { ...failure, body: { message: "not now" }, headers: failure.headers ?? {} };
    if (!known) return { status: 401, body: { message: "401 Unauthorized" }, headers: {} };
    const { pathname, searchParams } = new URL(url, "http://stub");
    const path = pathname.replace("/api/v4", "");
    const ok = (body?: unknown, headers = {}) => ({ status: 200, body, headers });
    if (path === "/user") return ok({ username: "project_5_bot" });
    const place = /^\/projects\/(5|acme%2Fshop)\/merge_requests\/7(\/notes)?(?:\/(\d+))?$/.exec(path);
    if (!place) return { status: 404, body: { message: "404 Not Found" }, headers: {} };
    if (!place[2]) return ok(this.mergeRequest);
    const note = this.notes.find(({ id }) => id === Number(place[3]));
    const { body = "" } = text === "" ? {} : (JSON.parse(text) as { body?: string });
    if (method === "POST") return { ...ok(this.add("project_5_bot", body)), status: 201 };
    if (method === "PUT" && note) note.body = body;
    if (method === "DELETE") this.notes = this.notes.filter((one) => one !== note);
    if (method !== "GET") return ok(note);
    const [page, size] = [Number(searchParams.get("page")), Number(searchParams.get("per_page"))];
    const next = page * size < this.notes.length ? String(page + 1) : "";
    return ok(this.notes.slice((page - 1) * size, page * size), { "x-next-page": next });
  }
}
