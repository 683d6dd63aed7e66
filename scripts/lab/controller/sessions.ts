import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { EmulatorOptions } from "./options.ts";
import { type Reply, type Request, refused } from "./reply.ts";
import { type Document, sessionsPath } from "./service-documents.ts";

/** Who is logged in at an emulated controller. */
export class Sessions {
  readonly #options: EmulatorOptions;
  /** Paths by token. */
  readonly #paths = new Map<string, string>();

  constructor(options: EmulatorOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#paths.size;
  }

  clear(): void {
    this.#paths.clear();
  }

  get collection(): Document {
    return {
      "@odata.id": sessionsPath,
      "@odata.type": "#SessionCollection.SessionCollection",
      Name: "Sessions",
      Members: [...this.#paths.values()].map((path) => ({ "@odata.id": path })),
      "Members@odata.count": this.#paths.size,
    };
  }

  login({ body }: Request): Reply {
    const { user, password, persona } = this.#options;
    if (body.UserName !== user || body.Password !== password)
      return refused(401, "ResourceAtUriUnauthorized");
    if (this.size >= (persona.sessions?.most ?? 0)) return refused(503, "SessionLimitExceeded");
    const [token, id] = [randomUUID(), randomUUID().slice(0, 8)];
    const path = `${sessionsPath}/${id}`;
    this.#paths.set(token, path);
    const location = { relative: path, absolute: `https://controller.example${path}`, none: "" }[
      persona.sessions?.location ?? "relative"
    ];
    return {
      status: 201,
      body: this.#document(path),
      headers: { "x-auth-token": token, ...(location === "" ? {} : { location }) },
    };
  }

  /** Whether a request comes from somebody who is let in. */
  lets({ authorization, "x-auth-token": token }: IncomingHttpHeaders): boolean {
    const { user, password } = this.#options;
    if (typeof token === "string") return this.#paths.has(token);
    return authorization === `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  }

  /** What a session itself answers; null when the path is none's. */
  at(method: string, path: string): Reply | null {
    const [token] = [...this.#paths].find(([, where]) => where === path) ?? [];
    if (token === undefined) return null;
    if (method === "GET" || method === "HEAD") return { status: 200, body: this.#document(path) };
    if (method !== "DELETE")
      return { ...refused(405, "OperationNotAllowed"), headers: { allow: "GET, HEAD, DELETE" } };
    this.#paths.delete(token);
    return { status: 204 };
  }

  #document(path: string): Document {
    return {
      "@odata.id": path,
      "@odata.type": "#Session.v1_5_0.Session",
      Id: path.split("/").at(-1),
      Name: "Session",
      UserName: this.#options.user,
      Password: null,
    };
  }
}
