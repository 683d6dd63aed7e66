import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { SocketHttp } from "../warden/socket-http.ts";
import type { MembersDocument } from "./members.ts";

/** What the balancer's nginx says of itself, as far as it matters here. */
export interface BalancerStatus {
  readonly revision: string;
  readonly [more: string]: unknown;
}

/** The nginx beside the follower: its control socket, and the file of members that it reads at its start. */
export class Balancer {
  readonly #http: SocketHttp;
  readonly #file: string;

  constructor(socketPath: string, membersFile: string) {
    this.#http = new SocketHttp(socketPath);
    this.#file = membersFile;
  }

  /** null when no nginx runs. @throws Error when it doesn't answer, or with anything but its status */
  async status(): Promise<BalancerStatus | null> {
    const answer = await this.#http.ask("GET", "/status").catch((error: NodeJS.ErrnoException) => {
      // No socket, or one that a dead nginx left.
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") return null;
      throw error;
    });
    if (answer === null) return null;
    if (answer.status !== 200) throw new Error(`GET /status: ${answer.status}`);
    const status = JSON.parse(answer.body) as BalancerStatus;
    if (typeof status.revision !== "string") throw new Error("GET /status: no revision");
    return status;
  }

  /**
   * Brings a document to nginx, or where none runs into the file that it will read. Returns whether anything was to do.
   *
   * @throws Error when it isn't taken
   */
  async deliver(document: MembersDocument): Promise<boolean> {
    const status = await this.status();
    if (status === null) return this.#write(document);
    if (status.revision === document.revision) return false;
    const answer = await this.#http.ask("PUT", "/members", JSON.stringify(document), 5000);
    if (answer.status !== 200)
      throw new Error(`PUT /members: ${answer.status} ${answer.body.slice(0, 300).trim()}`);
    return true;
  }

  /** The document of a former run; null without one that can be read. */
  stored(): MembersDocument | null {
    try {
      const document = JSON.parse(readFileSync(this.#file, "utf8")) as MembersDocument;
      return document.schema === 1 && typeof document.pools === "object" ? document : null;
    } catch {
      return null;
    }
  }

  /** Whole or not at all, whenever the machine stops. */
  #write(document: MembersDocument): boolean {
    if (this.stored()?.revision === document.revision) return false;
    const temporary = `${this.#file}.follower`;
    const handle = openSync(temporary, "w", 0o644);
    try {
      writeFileSync(handle, JSON.stringify(document));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, this.#file);
    return true;
  }
}
