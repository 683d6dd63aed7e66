import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";
import { ensureMoto } from "../../../scripts/toolchain/moto.ts";
import { Progress } from "../../../scripts/toolchain/progress.ts";
import { type AwsAnswer, xmlError } from "./answers.ts";
import { credentials, region } from "./facts.ts";

/*
 * AWS's API without AWS: moto, a Python program, behind a front of our own that hears every call, and gives the answers that moto
 * doesn't: throttling, faults, slow ones, and calls that moto doesn't know (it answers those with 500 and a page of HTML).
 *
 * What moto 5.2.5 doesn't do: CompleteLifecycleAction, RecordLifecycleActionHeartbeat, instance refreshes; hooks hold nothing, warm
 * pools stay empty, targets are always healthy.
 */

/** A call as it came in. */
export interface AwsCall {
  /** E.g. `DescribeInstances`; for services without actions (S3) the method and the path. */
  readonly action: string;
  /** E.g. `autoscaling`, as the signature names it; empty without one. */
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Answers a call in moto's place; null leaves it to moto. @param moto what moto answers, if it is asked */
export type Responder = (
  call: AwsCall,
  moto: () => Promise<AwsAnswer>,
) => AwsAnswer | null | Promise<AwsAnswer | null>;

/** moto with the front. */
export class Aws {
  readonly calls: AwsCall[] = [];
  readonly #responders = new Map<string, Responder>();
  readonly #target: URL;
  readonly #stop: () => Promise<void>;
  readonly #server: Server;

  private constructor(target: URL, stop: () => Promise<void>, server: Server) {
    this.#target = target;
    this.#stop = stop;
    this.#server = server;
  }

  /** Starts both on free ports of the loopback address. */
  static async start(): Promise<Aws> {
    const { url, stop } = await startMoto();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const aws = new Aws(url, stop, server);
    server.on("request", aws.handle);
    return aws;
  }

  /** Where clients find it by plain HTTP. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The environment by which an SDK or the `aws` command calls it. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
  }

  /** Takes a request; for servers of another kind (TLS) in front of the same moto. */
  readonly handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const body = await buffer(incoming);
      const call = callOf(incoming, body);
      this.calls.push(call);
      const ask = () => this.#ask(incoming, body);
      const moto = async () => {
        const { statusCode: status = 0, body } = await ask();
        return { status, body: body.toString("utf8") };
      };
      const answer = (await this.#responders.get(call.action)?.(call, moto)) ?? null;
      if (answer !== null)
        response.writeHead(answer.status, { "content-type": answer.type ?? "text/xml" }).end(answer.body);
      else {
        const { statusCode, headers, body } = await ask();
        response.writeHead(statusCode ?? 502, headers).end(body);
      }
    } catch {
      // Whoever asked has gone, or moto has: no answer is what a client sees of either.
      response.destroy();
    }
  };

  /** Answers an action from now on, until `null`. */
  answer(action: string, responder: Responder | null): void {
    if (responder === null) this.#responders.delete(action);
    else this.#responders.set(action, responder);
  }

  /** Forgets everything: what moto holds, the calls, the answers. */
  async reset(): Promise<void> {
    await fetch(new URL("/moto-api/reset", this.#target), { method: "POST" });
    this.#responders.clear();
    this.calls.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#stop();
  }

  async #ask(incoming: IncomingMessage, body: Buffer) {
    const { method, url: path, headers } = incoming;
    const { hostname, port } = this.#target;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ hostname, port, method, path, headers, agent: false }, resolve)
        .once("error", reject)
        .end(body);
    });
    return { statusCode: answer.statusCode, headers: answer.headers, body: await buffer(answer) };
  }
}

/** Query services name the action in a form, JSON services in a header. */
function callOf({ method = "", url: path = "", headers }: IncomingMessage, bytes: Buffer): AwsCall {
  const body = bytes.toString("utf8");
  const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  const target = headers["x-amz-target"]?.toString().split(".").at(-1);
  const action = (form ? new URLSearchParams(body).get("Action") : target) ?? `${method} ${path}`;
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";
  return { action, service, method, path, body };
}

/** Ends with whoever started it, however that ends: its standard input is then closed. */
const program = `
import os, sys, threading
from moto.server import main
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
main(["-H", "127.0.0.1", "-p", "0"])
`;

/** Starts moto; its port is one that the system finds free. */
async function startMoto(): Promise<{ url: URL; stop: () => Promise<void> }> {
  const python = await ensureMoto(new Progress());
  const moto = spawn(python, ["-c", program], { stdio: ["pipe", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => moto.once("close", () => resolve()));
  const words: string[] = [];
  const url = await new Promise<URL>((resolve, reject) => {
    void ended.then(() => reject(new Error(`moto has ended: ${words.join("\n")}`)));
    createInterface({ input: moto.stderr }).on("line", (line) => {
      if (words.length < 20) words.push(line);
      const found = /Running on (http:\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(new URL(found));
    });
  });
  const stop = async () => {
    moto.kill("SIGKILL");
    await ended;
  };
  return { url, stop };
}

/** Too many calls, as Auto Scaling and other query services say it. */
export const throttled: Responder = () => xmlError(400, "Throttling", "Rate exceeded");

/** Too many calls, as EC2 says it (EC2 API reference, error codes). */
export const requestLimitExceeded: Responder = () => ({
  status: 503,
  body: "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors><RequestID>0</RequestID></Response>",
});

/** Credentials whose time is over. */
export const expired: Responder = () =>
  xmlError(403, "ExpiredToken", "The security token included in the request is expired");

/** What a load balancer in front of a service says when there is nobody behind it. */
export const brokenPage: Responder = () => ({
  status: 500,
  type: "text/html",
  body: "<html><body><h1>500 Internal Server Error</h1></body></html>",
});

/** No answer for so long, then moto's. @param ms milliseconds */
export const slow =
  (ms: number): Responder =>
  () =>
    new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
