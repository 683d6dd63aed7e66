import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/*
 * The programs of a machine on AWS, run as they are: with the real shell, curl and tar, metadata on loopback, and stand-ins for the
 * commands that would change this computer or call AWS. Each of those notes its arguments.
 */

const programs = join(import.meta.dirname, "../../infra/runtime/machine");

export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), "hotspare-machine-"));
  /** What the metadata say where the machine goes. */
  target = "InService";
  /** Whether the service answers its check. */
  healthy = true;
  /** Whether it sends 103 before its answer. */
  hints = false;
  /** What all programs have said on standard error. */
  said = "";
  /** Headers of the last check. */
  asked: IncomingMessage["headers"] = {};
  /** Tokens given out; who asks without one is refused, as where only version 2 of the metadata is on. */
  readonly tokens = new Set<string>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #started: ReturnType<typeof spawn>[] = [];
  #address = "";

  async start(): Promise<void> {
    mkdirSync(join(this.folder, "bin"));
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.#address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends the programs that still run, and removes all of it. */
  async end(): Promise<void> {
    for (const child of this.#started) {
      if (child.exitCode !== null || child.pid === undefined) continue;
      // The group: a shell doesn't end what it waits for.
      process.kill(-child.pid, "SIGKILL");
    }
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A command that notes its arguments and then runs a shell's lines. */
  command(name: string, lines = ""): void {
    const path = join(this.folder, "bin", name);
    writeFileSync(path, `#!/bin/bash\necho "${name} $*" >> ${join(this.folder, "calls")}\n${lines}\n`);
    chmodSync(path, 0o755);
  }

  /** The calls of such commands, in their order. */
  calls(): string[] {
    try {
      return readFileSync(join(this.folder, "calls"), "utf8").trimEnd().split("\n");
    } catch {
      return [];
    }
  }

  /** Starts a program; gives its exit code and what it said on standard error. */
  run(
    program: string,
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number | null; errors: string }> {
    const child = spawn(program.startsWith("/") ? program : join(programs, program), args, {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: `${join(this.folder, "bin")}:${join(programs, "bin")}:${process.env.PATH}`,
        AWS_EC2_METADATA_SERVICE_ENDPOINT: this.#address,
        HOTSPARE_HEALTH: `${this.#address}/ready?of=[kit]`,
        ...environment,
      },
    });
    this.#started.push(child);
    let errors = "";
    child.stderr?.on("data", (chunk) => {
      errors += chunk;
      this.said += chunk;
    });
    return new Promise((resolve) => child.on("close", (code) => resolve({ code, errors })));
  }

  #answer({ method, url, headers }: IncomingMessage, response: ServerResponse): void {
    const reply = (status: number, text = "") => response.writeHead(status).end(text);
    if (url === "/ready?of=[kit]") {
      this.asked = headers;
      if (this.hints) response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" });
      return void reply(this.healthy ? 200 : 503);
    }
    if (url === "/latest/api/token" && method === "PUT") {
      if (headers["x-aws-ec2-metadata-token-ttl-seconds"] === undefined) return void reply(400);
      const token = `token-${this.tokens.size}`;
      this.tokens.add(token);
      return void reply(200, token);
    }
    if (!this.tokens.has(String(headers["x-aws-ec2-metadata-token"]))) return void reply(401);
    if (url === "/latest/meta-data/instance-id") return void reply(200, "i-0abc");
    if (url === "/latest/meta-data/iam/info")
      return void reply(
        200,
        JSON.stringify(
          { Code: "Success", InstanceProfileArn: "arn:aws:iam::123456789012:instance-profile/shop" },
          null,
          1,
        ),
      );
    if (url === "/latest/meta-data/autoscaling/target-lifecycle-state") return void reply(200, this.target);
    reply(404);
  }
}
