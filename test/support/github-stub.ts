import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * As much of GitHub's API as comments in pull requests need, over real HTTP on the loopback card. Paths, shapes, status codes and
 * texts are those that GitHub documents and that people have met:
 * https://docs.github.com/rest/issues/comments, /rest/pulls/pulls, /rest/using-the-rest-api/{pagination,rate-limits}.
 */

export interface StubComment {
  readonly id: number;
  readonly author: string;
  body: string;
}

export interface StubPull {
  readonly number: number;
  readonly head: { readonly sha: string; readonly ref: string; readonly repo: { full_name: string } | null };
  readonly base: { readonly ref: string };
  readonly state: "open" | "closed";
}

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
}

export interface StubAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The repository that the stub has. */
export const stubRepository = "acme/shop";
export const stubToken = "ghs_stubtoken0123456789";

export class GitHubStub {
  readonly comments: StubComment[] = [];
  readonly pulls: StubPull[] = [];
  /** Every request in its order. */
  readonly requests: StubRequest[] = [];
  /** Whether the token may write. */
  mayWrite = true;
  /** Characters that a comment may have. */
  longestBody = 65_536;
  /** Login that the token belongs to. */
  viewer = "github-actions[bot]";
  /** Asked first; an answer of its own stands for GitHub's. */
  instead: (request: StubRequest) => StubAnswer | null = () => null;
  /** Called before a comment is made, as if somebody else were quicker. */
  beforeCreate: () => void = () => {};
  #nextId = 1000;
  readonly #prefix: string;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  private constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** @param prefix where the API begins: empty as for the public GitHub, `/api/v3` as on an Enterprise Server */
  static async start(prefix = ""): Promise<GitHubStub> {
    const stub = new GitHubStub(prefix);
    await new Promise<void>((resolve) => stub.#server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#prefix}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  addComment(author: string, body: string): StubComment {
    const comment = { id: this.#nextId++, author, body };
    this.comments.push(comment);
    return comment;
  }

  /** Requests that change something, as `METHOD path`. */
  get writes(): string[] {
    return this.requests
      .filter(({ method, path }) => method !== "GET" && !path.endsWith("/graphql"))
      .map(({ method, path }) => `${method} ${path}`);
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of incoming) text += chunk;
    const url = new URL(incoming.url ?? "/", "http://stub");
    const request = {
      method: incoming.method ?? "GET",
      path: url.pathname + url.search,
      authorization: incoming.headers.authorization ?? "",
    };
    this.requests.push(request);
    const answer = this.instead(request) ?? this.#answer(request, url, text);
    response.writeHead(answer.status, {
      "content-type": "application/json; charset=utf-8",
      ...answer.headers,
    });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  #answer({ method, authorization }: StubRequest, url: URL, text: string): StubAnswer {
    if (authorization !== `token ${stubToken}` && authorization !== `bearer ${stubToken}`)
      return { status: 401, body: { message: "Bad credentials", status: "401" } };
    if (url.pathname === `${this.#prefix.replace("/v3", "")}/graphql`)
      return { status: 200, body: { data: { viewer: { login: this.viewer } } } };
    const repository = `${this.#prefix}/repos/${stubRepository}`;
    if (!url.pathname.startsWith(`${repository}/`)) return notFound;
    const [kind, ...rest] = url.pathname.slice(repository.length + 1).split("/");
    if (kind === "pulls") return this.#pulls(url, rest[0]);
    const [first, second] = rest;
    if (kind !== "issues") return notFound;
    if (first === "comments") return this.#oneComment(method, Number(second), text);
    if (second !== "comments" || !this.pulls.some(({ number }) => `${number}` === first)) return notFound;
    return method === "POST" ? this.#create(text) : this.#page(url, this.comments.map(shape));
  }

  #pulls(url: URL, number: string | undefined): StubAnswer {
    if (number !== undefined) {
      const pull = this.pulls.find((candidate) => `${candidate.number}` === number);
      return pull === undefined ? notFound : { status: 200, body: pull };
    }
    const [owner, ref] = (url.searchParams.get("head") ?? "").split(":");
    const state = url.searchParams.get("state") ?? "open";
    const found = this.pulls.filter(
      ({ head, state: its }) =>
        its === state && head.ref === ref && (head.repo?.full_name ?? "").startsWith(`${owner}/`),
    );
    return this.#page(url, found);
  }

  /** A page with GitHub's `Link` header; 30 entries unless more are asked for, at most 100. */
  #page(url: URL, all: readonly unknown[]): StubAnswer {
    const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
    const page = Number(url.searchParams.get("page") ?? 1);
    const last = Math.ceil(all.length / size);
    const links = page < last ? [["next", page + 1] as const, ["last", last] as const] : [];
    const link = links.map(([rel, target]) => {
      const next = new URL(url.pathname + url.search, this.url);
      next.searchParams.set("page", `${target}`);
      return `<${next}>; rel="${rel}"`;
    });
    return {
      status: 200,
      body: all.slice((page - 1) * size, page * size),
      headers: link.length > 0 ? { link: link.join(", ") } : {},
    };
  }

  #create(text: string): StubAnswer {
    this.beforeCreate();
    return this.#refusal(text) ?? { status: 201, body: shape(this.addComment(this.viewer, bodyOf(text))) };
  }

  #oneComment(method: string, id: number, text: string): StubAnswer {
    const index = this.comments.findIndex((comment) => comment.id === id);
    const comment = this.comments[index];
    if (comment === undefined) return notFound;
    const refusal = this.#refusal(method === "PATCH" ? text : null);
    if (refusal !== null) return refusal;
    if (method === "DELETE") {
      this.comments.splice(index, 1);
      return { status: 204 };
    }
    comment.body = bodyOf(text);
    return { status: 200, body: shape(comment) };
  }

  #refusal(text: string | null): StubAnswer | null {
    if (!this.mayWrite) {
      const message = "Resource not accessible by integration";
      return {
        status: 403,
        body: { message, documentation_url: "https://docs.github.com/rest", status: "403" },
      };
    }
    if (text === null || [...bodyOf(text)].length <= this.longestBody) return null;
    const message = `Body is too long (maximum is ${this.longestBody} characters)`;
    const errors = [{ resource: "IssueComment", code: "unprocessable", field: "data", message }];
    return { status: 422, body: { message: "Validation Failed", errors, status: "422" } };
  }
}

const notFound: StubAnswer = { status: 404, body: { message: "Not Found", status: "404" } };

function bodyOf(text: string): string {
  return (JSON.parse(text) as { body: string }).body;
}

function shape({ id, author, body }: StubComment) {
  const type = author.endsWith("[bot]") ? "Bot" : "User";
  return { id, user: { login: author, type }, body, created_at: new Date(id * 1000).toISOString() };
}
