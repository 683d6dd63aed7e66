import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Document } from "./service-documents.ts";

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Document;
}

/** An answer with a message of the standard's registry. */
export function refused(status: number, name: string, text = name): Reply {
  const MessageId = `Base.1.18.${name}`;
  const info = {
    "@odata.type": "#Message.v1_1_1.Message",
    MessageId,
    Message: text,
    MessageArgs: [],
    Severity: status < 300 ? "OK" : "Critical",
    Resolution: "None",
  };
  return { status, body: { error: { code: MessageId, message: text, "@Message.ExtendedInfo": [info] } } };
}

export function send(response: ServerResponse, method: string, { status, body, headers = {} }: Reply): void {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, {
    "odata-version": "4.0",
    "cache-control": "no-cache",
    ...(text === ""
      ? {}
      : { "content-type": "application/json;charset=utf-8", "content-length": Buffer.byteLength(text) }),
    ...headers,
  });
  response.end(method === "HEAD" ? undefined : text);
}
