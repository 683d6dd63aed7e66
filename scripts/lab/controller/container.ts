import { request } from "node:http";
import type { Machine } from "./machine.ts";

/** A container that stands for a server: its power is whether it runs. */
export class ContainerMachine implements Machine {
  readonly #socketPath: string;
  readonly #name: string;

  constructor(socketPath: string, name: string) {
    this.#socketPath = socketPath;
    this.#name = name;
  }

  async isOn(): Promise<boolean> {
    const { State } = JSON.parse(await this.#ask("GET", "json")) as { State: { Running: boolean } };
    return State.Running;
  }

  async on(): Promise<void> {
    await this.#ask("POST", "start");
  }

  async off(hard: boolean): Promise<void> {
    // A system may take its time, and the order doesn't wait for it.
    if (hard) await this.#ask("POST", "kill");
    else void this.#ask("POST", "stop?t=60").catch(() => {});
  }

  #ask(method: string, what: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const path = `/containers/${this.#name}/${what}`;
      const outgoing = request({ socketPath: this.#socketPath, method, path, host: "engine" }, (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.once("error", reject);
        response.once("end", () => {
          const { statusCode = 500 } = response;
          const text = Buffer.concat(pieces).toString("utf8");
          // 304 and 409: it is so already.
          if (statusCode < 300 || statusCode === 304 || statusCode === 409) resolve(text);
          else reject(new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 200)}`));
        });
      });
      outgoing.once("error", reject);
      outgoing.end();
    });
  }
}
