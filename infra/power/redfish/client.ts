import { setTimeout as sleep } from "node:timers/promises";
import { inTurn } from "../turns.ts";
import { type Controller, PowerError, type PowerFailure, type PowerTimes } from "../types.ts";
import { at, type Json, linkOf, objectOf } from "./json.ts";
import { Wire, type WireAnswer } from "./wire.ts";
import { controllerWords, messageIds } from "./words.ts";

/*
 * Requests to a Redfish service (DMTF DSP0266): a session where it has them, its own words when it refuses, and patience when it is busy.
 */

export interface Answer {
  readonly status: number;
  readonly body: Json;
  /** For If-Match; null where it has none. */
  readonly etag: string | null;
  /** Path that it points at, of a new session or a task. */
  readonly location: string | null;
}

export interface Asked {
  readonly body?: Json;
  readonly etag?: string | null;
  readonly signal?: AbortSignal | undefined;
}

const root = "/redfish/v1/";
/** How often somebody busy is asked again. */
const tries = 6;
const longestPause = 10_000;

type Access = { readonly token: string; readonly session: string | null } | "basic";

export class RedfishClient {
  readonly #controller: Controller;
  readonly #times: PowerTimes;
  readonly #wire: Wire;
  #root: Json | null = null;
  /** Null before the first; `basic` where there are no sessions, or none is left. */
  #access: Access | null = null;

  constructor(controller: Controller, times: PowerTimes) {
    this.#controller = controller;
    this.#times = times;
    this.#wire = new Wire(controller);
  }

  get origin(): string {
    return this.#wire.origin;
  }

  /** The service's root: the one document that needs no account. */
  async root(signal?: AbortSignal): Promise<Json> {
    this.#root ??= (
      await this.#accepted(await this.#patiently("GET", root, { signal }, {}), "GET", root)
    ).body;
    if (Object.keys(this.#root).length === 0) {
      this.#root = null;
      throw this.failure(
        "unreachable",
        "answers, but speaks no Redfish; correct bmc.host, bmc.port or bmc.kind",
      );
    }
    return this.#root;
  }

  async get(path: string, signal?: AbortSignal): Promise<Answer> {
    return this.send("GET", path, { signal });
  }

  /** @throws PowerError with the controller's words when it refuses */
  async send(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    return this.#accepted(await this.tried(method, path, asked), method, path);
  }

  /** The same for who wants to see a refusal: only an account that isn't let in throws. */
  async tried(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    const first = await this.#patiently(method, path, asked, await this.#authority(asked.signal));
    if (first.status !== 401) return first;
    // The session has run out, or the controller has started anew and forgotten it.
    if (this.#access === "basic") throw this.#locked(first);
    this.#access = null;
    const second = await this.#patiently(method, path, asked, await this.#authority(asked.signal));
    if (second.status === 401) throw this.#locked(second);
    return second;
  }

  /** Ends the session: controllers have few. */
  async close(): Promise<void> {
    const access = this.#access;
    this.#access = null;
    if (access !== null && access !== "basic" && access.session !== null)
      await this.#once("DELETE", access.session, {}, { "x-auth-token": access.token }).catch(() => {});
    this.#wire.close();
  }

  failure(failure: PowerFailure, text: string): PowerError {
    return new PowerError(failure, `${this.#controller.server}: its controller at ${this.origin} ${text}`);
  }

  /** What a refusal is, in one sentence. */
  refusal(answer: Answer, what: string): PowerError {
    const words = controllerWords(answer.body);
    const said = words === "" ? `${answer.status}` : `${answer.status}: ${words}`;
    if (/licen[sc]e/i.test(`${words} ${messageIds(answer.body).join(" ")}`))
      return this.failure(
        "rights",
        `wants a licence for this (${what}, ${said}); enter one there, or do without it`,
      );
    if (answer.status === 403)
      return this.failure(
        "rights",
        `doesn't let ${this.#controller.user} do this (${what}, ${said}); give that account the right to it`,
      );
    return this.failure("failed", `refused ${what} (${said})`);
  }

  #accepted(answer: Answer, method: string, path: string): Answer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.refusal(answer, `${method} ${path}`);
  }

  #locked({ body }: Answer): PowerError {
    const words = controllerWords(body);
    return this.failure(
      "account",
      `doesn't let ${this.#controller.user} in${words === "" ? "" : ` (${words})`}; correct the secret that bmc.account names, and see whether the account is locked there`,
    );
  }

  async #authority(signal: AbortSignal | undefined): Promise<Readonly<Record<string, string>>> {
    this.#access ??= await this.#login(signal);
    if (this.#access !== "basic") return { "x-auth-token": this.#access.token };
    const { user, password } = this.#controller;
    return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  }

  async #login(signal: AbortSignal | undefined): Promise<Access> {
    const known = await this.root(signal);
    const sessions =
      linkOf(at(known, "Links", "Sessions")) ??
      (linkOf(known.SessionService) === null ? null : `${root}SessionService/Sessions`);
    if (sessions === null) return "basic";
    const { user, password } = this.#controller;
    const answer = await this.#patiently(
      "POST",
      sessions,
      { body: { UserName: user, Password: password }, signal },
      {},
      2,
    );
    const { token = "" } = answer as { token?: string };
    if (answer.status < 300 && token !== "")
      return { token, session: answer.location ?? linkOf(answer.body) };
    const ids = messageIds(answer.body).join(" ");
    // Some say 400 or 403 for a wrong password; who has no session left says so.
    if ([400, 401, 403].includes(answer.status) && !/SessionLimit|MaxSession|ResourceInUse/i.test(ids))
      throw this.#locked(answer);
    return "basic";
  }

  /** Asks again while it is busy, and goes where it is sent on this same controller. */
  async #patiently(
    method: string,
    path: string,
    asked: Asked,
    headers: Readonly<Record<string, string>>,
    most = tries,
  ): Promise<Answer & { readonly token: string }> {
    let where = path;
    for (let number = 1; ; number++) {
      const answer = await this.#once(method, where, asked, headers);
      const moved = [301, 302, 307, 308].includes(answer.status) ? answer.location : null;
      if (moved !== null && moved !== where && number < tries) {
        where = moved;
        continue;
      }
      if (![429, 503].includes(answer.status) || number >= most) return answer;
      const pause = answer.after ?? Math.min(250 * 2 ** number, longestPause);
      await sleep(Math.min(pause, longestPause), undefined, { signal: asked.signal });
    }
  }

  async #once(
    method: string,
    path: string,
    { body, etag, signal }: Asked,
    headers: Readonly<Record<string, string>>,
  ) {
    const request = {
      method,
      path,
      headers: {
        accept: "application/json",
        "odata-version": "4.0",
        "accept-encoding": "identity",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(etag == null ? {} : { "if-match": etag }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    };
    return inTurn(this.origin, async () => read(await this.#wire.ask(request, this.#times.request, signal)));
  }
}

function read({ status, headers, text }: WireAnswer) {
  const body = parsed(text);
  const header = headers.etag ?? null;
  const inside = body["@odata.etag"];
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return {
    status,
    body,
    etag: header ?? (typeof inside === "string" ? inside : null),
    location: pathOf(headers.location),
    token: String(headers["x-auth-token"] ?? ""),
    after: Number.isFinite(seconds) ? seconds * 1000 : null,
  };
}

/** Nothing of another host's is ever asked, so a location is its path. */
function pathOf(location: string | undefined): string | null {
  if (location === undefined) return null;
  try {
    const { pathname, search } = new URL(location, "https://controller");
    return `${pathname}${search}`;
  } catch {
    return null;
  }
}

/** Some answer errors in HTML. */
function parsed(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}
