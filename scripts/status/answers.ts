import { request as plain } from "node:http";
import { connect } from "node:http2";
import { request as secure } from "node:https";
import { isIP } from "node:net";

/** Milliseconds that an answer may take. */
const patience = 3000;

/** A request to a cluster, from where the commands run. */
export interface Question {
  readonly tls: boolean;
  /** Where the connection goes. */
  readonly address: string;
  readonly port: number;
  /** The name that is asked for; null for the address. */
  readonly host: string | null;
  readonly path: string;
  readonly protocol: "http" | "grpc";
}

/** The URL that a question is shown as. */
export function questionUrl({ tls, address, host, port, path }: Question): string {
  const usual = port === (tls ? 443 : 80);
  return `${tls ? "https" : "http"}://${host ?? address}${usual ? "" : `:${port}`}${path}`;
}

/**
 * Asks, whoever has signed the certificate: whether somebody serves is the question, and the name of this machine is in no certificate.
 *
 * @returns null for an answer below 500, else what came instead
 */
export async function faultOf(question: Question): Promise<string | null> {
  try {
    return await (question.protocol === "grpc" ? askGrpc(question) : askHttp(question));
  } catch (error) {
    return (error as Error).message || ((error as NodeJS.ErrnoException).code ?? "no answer");
  }
}

/** Whether somebody serves at a URL: any answer below 500, within 3 s. */
export async function answersAt(url: string): Promise<boolean> {
  const { protocol, hostname, port, pathname } = new URL(url);
  const tls = protocol === "https:";
  const question = {
    tls,
    address: hostname,
    port: port === "" ? (tls ? 443 : 80) : Number(port),
    host: null,
    path: pathname,
    protocol: "http",
  } as const;
  return (await faultOf(question)) === null;
}

const serverName = ({ host }: Question) => (host === null || isIP(host) !== 0 ? {} : { servername: host });

function askHttp(question: Question): Promise<string | null> {
  const { tls, address, port, host, path } = question;
  const options = {
    host: address,
    port,
    path,
    headers: host === null ? {} : { host },
    signal: AbortSignal.timeout(patience),
    agent: false,
    ...(tls ? { rejectUnauthorized: false, ...serverName(question) } : {}),
  };
  return new Promise((resolve, reject) => {
    const request = (tls ? secure : plain)(options, (response) => {
      const { statusCode = 0 } = response;
      // A stream goes on for ever; its head is enough.
      response.destroy();
      resolve(statusCode < 500 ? null : `HTTP ${statusCode}`);
    });
    request.once("error", reject);
    request.end();
  });
}

/**
 * A call of a method that needs not exist: whoever says so is a node. A connection that its other end closes ends the call without an
 * error, and a stream's own timer with it, so both are looked at here.
 */
function askGrpc(question: Question): Promise<string | null> {
  const { tls, address, port, host, path } = question;
  const session = connect(`${tls ? "https" : "http"}://${address}:${port}`, {
    rejectUnauthorized: false,
    ...serverName(question),
  });
  let late: NodeJS.Timeout | undefined;
  const answered = new Promise<string | null>((resolve, reject) => {
    late = setTimeout(() => reject(new Error(`no answer within ${patience / 1000} s`)), patience);
    session.on("error", reject);
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      ...(host === null ? {} : { ":authority": host }),
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", reject);
    stream.once("close", () => reject(new Error("the connection was closed without an answer")));
    stream.once("response", ({ ":status": status = 0, "grpc-status": code }) => {
      // 14 is UNAVAILABLE: what the balancer answers in place of a node.
      resolve(status < 500 && code !== "14" ? null : status < 500 ? "gRPC: UNAVAILABLE" : `HTTP ${status}`);
    });
    stream.end();
  });
  return answered.finally(() => {
    clearTimeout(late);
    session.destroy();
  });
}
