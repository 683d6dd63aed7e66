import type { Tried } from "./tried.ts";

/* What nodes answer, as it was tried against a real balancer. */

/** A request whose node answers with these bytes. */
function answer(bytes: string, more = "", method = "GET"): string {
  const raw = Buffer.from(bytes, "latin1").toString("hex");
  return `${method} /once/?raw=${raw}${more} HTTP/1.1\r\nHost: a\r\n\r\n`;
}

const ok = (...fields: string[]) =>
  answer(["HTTP/1.1 200 OK", ...fields, "Content-Length: 2", "", "ab"].join("\r\n"));
const plain = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab";

export const triedAnswers: readonly Tried[] = [
  {
    what: "a node answers with two lengths, the same or not, `+2`, or a length and chunks",
    from: "RFC 9112, 6.3; freeunit 113",
    result: "502",
    send: [
      answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
      answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab"),
      answer("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nab"),
      answer(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
      ),
    ],
    expect: /^HTTP\/1\.1 502 /,
  },
  {
    what: "`Transfer-Encoding: xchunked`, `gzip, chunked`",
    from: "RFC 9112, 6.1",
    result: "502",
    send: ["xchunked", "gzip, chunked"].map((coding) =>
      answer(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n2\r\nab\r\n0\r\n\r\n`),
    ),
    expect: /^HTTP\/1\.1 502 /,
  },
  {
    what: "a header with a zero byte, a carriage return, a folded line, a space before its colon",
    from: "RFC 9112, 5",
    result: "502",
    send: [ok("X-A: a\0b"), ok("X-A: a\rb"), ok("X-A: a", " b"), ok("X-A : a")],
    expect: /^HTTP\/1\.1 502 /,
  },
  {
    what: "100 or 102 before the final answer; 100 with a length, behind which another answer hides",
    from: "RFC 9110, 15.2; nginx 1427",
    result: "502. Before, the first was the answer, and the client took a part of its body for the next one",
    send: [
      answer(`HTTP/1.1 100 Continue\r\n\r\n${plain}`),
      answer(`HTTP/1.1 102 Processing\r\n\r\n${plain}`),
      answer(
        "HTTP/1.1 100 Continue\r\nContent-Length: 40\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 301 X\r\nLocation: https://evil.test/\r\nX: ",
      ),
    ],
    expect: /^HTTP\/1\.1 502 /,
    never: /evil|Continue/,
  },
  {
    what: "101 to a request that asked for no WebSocket",
    from: "RFC 9110, 15.2.2",
    result: "502; on streaming routes it was a tunnel before",
    send: ["/once/", "/stream/"].map((path) =>
      answer(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nxyz",
      ).replace("/once/", path),
    ),
    expect: /^HTTP\/1\.1 502 /,
    never: /xyz/,
  },
  {
    what: "status 000",
    from: "RFC 9110, 15",
    result: "502; passed on before",
    send: [answer("HTTP/1.1 000 Hm\r\nContent-Length: 2\r\n\r\nab")],
    expect: /^HTTP\/1\.1 502 /,
  },
  {
    what: "status 600 and 999, a status without words",
    from: "RFC 9110, 15",
    result: "pass: sites use such numbers",
    send: ["600 Hm", "999 Hm", "200"].map((status) =>
      answer(`HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\nab`),
    ),
    expect: /^HTTP\/1\.1 [269][09][09][\s\S]*ab$/,
  },
  {
    what: "bytes that are no HTTP (another service on the node's port)",
    from: "nginx, “upstream sent no valid HTTP/1.0 header”",
    result:
      "502. Before, it got those bytes as they were; then its connection ended, and the door asked again",
    send: [
      answer("220 mail.test ESMTP\r\n", "&close"),
      answer("220 mail.test ESMTP\r\n", "&close", "HEAD"),
      answer("220 mail.test ESMTP\r\n".repeat(100), "&close"),
    ],
    expect: /^HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*\r\nConnection: close\r\n\r\n/,
    never: /220 mail/,
  },
  {
    what: "204 with a length; a body with 204, 304 or to HEAD, then another request",
    from: "RFC 9110, 6.4.1 and 8.6; nginx 1754",
    result: "no body and, with 204, no length; the next answer is right",
    send: [
      answer("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nabcde"),
      answer("HTTP/1.1 304 Not Modified\r\n\r\nabcde"),
      answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde", "", "HEAD"),
    ].map((first) => `${first}GET /after HTTP/1.1\r\nHost: a\r\n\r\n`),
    expect: /^HTTP\/1\.1 [\s\S]*\r\n\r\nHTTP\/1\.1 200 [\s\S]*GET \/after/,
    never: /^HTTP\/1\.1 204[\s\S]*Content-Length: 5\r\n|abcde/,
  },
  {
    what: "`Transfer-Encoding: chunked` to HEAD, without a body, then another request",
    from: "RFC 9112, 6.1; haproxy 146, 1932, 2836",
    result: "no chunk follows, and the next answer is right",
    send: [
      `${answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "", "HEAD")}GET /after HTTP/1.1\r\nHost: a\r\n\r\n`,
    ],
    expect: /^HTTP\/1\.1 200 [\s\S]*?\r\n\r\nHTTP\/1\.1 200 [\s\S]*GET \/after/,
    never: /\r\n\r\n0\r\n/,
  },
  {
    what: "an error to POST where GET would be asked of another node",
    from: "openresty 190, 351; angie 169",
    result: "the node's own answer, with its body",
    send: ["502 A", "503 A", "504 A"].map((status) =>
      answer(`HTTP/1.1 ${status}\r\nContent-Length: 3\r\n\r\nown`, "", "POST").replace(
        /\/once\/([\s\S]*)\r\n\r\n$/,
        "/$1\r\nContent-Length: 2\r\n\r\nab",
      ),
    ),
    expect: /^HTTP\/1\.1 50[234] [\s\S]*\r\n\r\nown$/,
  },
  {
    what: "an answer before the body was read, and the end of the connection",
    from: "RFC 9112, 9.6; envoy 2929, 18213, 38697; tengine 1412; nginx 669",
    result:
      "passes, and the next request on the client's connection is one; so does it where the body is passed on as it comes",
    send: ["/once/", "/stream/"].map(
      (path) =>
        `${answer("HTTP/1.1 401 Early\r\nContent-Length: 5\r\n\r\nearly", "&early", "POST")
          .replace("/once/", path)
          .replace(
            /\r\n\r\n$/,
            "\r\nContent-Length: 40000\r\n\r\n",
          )}${"b".repeat(40_000)}${path === "/once/" ? "GET /after HTTP/1.1\r\nHost: a\r\n\r\n" : ""}`,
    ),
    expect: /^HTTP\/1\.1 401 [\s\S]*early(HTTP\/1\.1 200 [\s\S]*GET \/after|\[END\]$|$)/,
    never: /"b{9}/,
  },
  {
    what: "`101` to `Upgrade: WebSocket` and `Connection: keep-alive, Upgrade`, as Firefox and Apache write them",
    from: "RFC 6455, 4.2.1; vertx-http-proxy 106, code-server 5264, kong 4779",
    result: "a tunnel, on streaming routes",
    send: [
      answer("HTTP/1.1 101 Switching\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\nxyz")
        .replace("/once/", "/stream/")
        .replace(/\r\n\r\n$/, "\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n\r\n"),
    ],
    expect: /^HTTP\/1\.1 101 [\s\S]*\nUpgrade: WebSocket\r\n[\s\S]*\nxyz/i,
  },
  {
    what: "more bytes than the length says, which are another answer",
    from: "response queue poisoning",
    result: "cut off, and that connection to the node is not used again",
    send: [
      answer(`${plain}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`) +
        "GET /after HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
    expect: /\r\n\r\nabHTTP\/1\.1 200 [\s\S]*GET \/after/,
    never: /evil/,
  },
  {
    what: "fewer bytes than the length says, chunks that end too early or have no length",
    from: "RFC 9112, 8",
    result: "what came, and the connection ends: the client sees that it isn't whole",
    send: [
      answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", "&close"),
      answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "&close"),
      answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n"),
    ],
    expect: /\[END\]$/,
    never: /\r\n0\r\n/,
  },
  {
    what: "a body until the connection ends, an answer by HTTP/1.0, lines that end with a line feed alone",
    from: "RFC 9112, 6.3",
    result: "served, with chunks or a length",
    send: [
      answer("HTTP/1.1 200 OK\r\n\r\nab", "&close"),
      answer("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab"),
      answer("HTTP/1.1 200 OK\nContent-Length: 2\n\nab"),
    ],
    expect: /^HTTP\/1\.1 200 OK[\s\S]*\r\n(Content-Length: 2\r\n[\s\S]*\r\nab|2\r\nab\r\n0\r\n\r\n)$/,
  },
  {
    what: "`Upgrade: h2` with each answer, as Apache does",
    from: "RFC 9113, 8.2.2; browsers end such requests of HTTP/2",
    result: "doesn't reach the client; did before",
    send: [ok("Upgrade: h2,h2c", "Connection: Upgrade")],
    expect: /^HTTP\/1\.1 200 /,
    never: /h2c/,
  },
  {
    what: "`Connection: close, X-Secret`, `Proxy-Connection`, `Keep-Alive`, `Trailer`",
    from: "RFC 9110, 7.6.1",
    result: "none reaches the client, nor the fields that are named; all but `Keep-Alive` did before",
    send: [
      ok(
        "Connection: close, X-Secret",
        "X-Secret: 1",
        "Proxy-Connection: x",
        "Keep-Alive: timeout=9",
        "Trailer: X-T",
      ),
    ],
    expect: /^HTTP\/1\.1 200 /,
    never: /X-Secret|Proxy-Connection|timeout=9|Trailer/,
  },
  {
    what: "trailers of HTTP/1.1",
    from: "RFC 9110, 6.5; envoy 8667",
    result: "dropped, as RFC 9110 allows (those of gRPC pass)",
    send: [answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-T: 1\r\n\r\n")],
    expect: /2\r\nab\r\n0\r\n\r\n$/,
    never: /X-T/,
  },
  {
    what: "several `Set-Cookie`; 408 and a closed connection",
    from: "RFC 9110, 5.3 and 15.5.9",
    result: "pass as they are",
    send: [
      ok("Set-Cookie: a=1", "Set-Cookie: b=2"),
      answer("HTTP/1.1 408 T\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    ],
    expect: /Set-Cookie: a=1\r\nSet-Cookie: b=2|^HTTP\/1\.1 408 /,
  },
  {
    what: "`Server` and its version",
    from: "RFC 9110, 10.2.4",
    result: "replaced: `nginx`, without a version",
    send: [ok("Server: secret/1")],
    expect: /\r\nServer: nginx\r\n/,
    never: /secret/,
  },
];
