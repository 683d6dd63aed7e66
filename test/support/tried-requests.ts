import type { Tried } from "./tried.ts";

/* What clients send, as it was tried against a real balancer. */

const text = (line: string, fields: readonly string[], body = "") => [line, ...fields, "", body].join("\r\n");
const get = (...fields: string[]) => text("GET / HTTP/1.1", ["Host: a", ...fields]);
const post = (fields: readonly string[], body: string) =>
  text("POST / HTTP/1.1", ["Host: a", ...fields], body);
const chunked = (body: string) => post(["Transfer-Encoding: chunked"], body);
const smuggled = "GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n";
const after = text("GET /after HTTP/1.1", ["Host: a"]);

const refused = /^HTTP\/1\.1 (400|501) /;
const served = /^HTTP\/1\.1 200 /;
/** Two answers, and the second is to the request that comes after. */
const apart = /^HTTP\/1\.1 [\s\S]*HTTP\/1\.1 200 [\s\S]*GET \/after HTTP/;
const field = (value: string) => new RegExp(`"fields":\\[[^\\]]*${value}`);

export const triedRequests: readonly Tried[] = [
  {
    what: "`Content-Length` and `Transfer-Encoding` in one request",
    from: "RFC 9112, 6.3; openlitespeed 392, sozu 726",
    result: "400",
    send: [post(["Content-Length: 4", "Transfer-Encoding: chunked"], "0\r\n\r\n")],
    expect: refused,
  },
  {
    what: "two lengths, the same or not; a list; `+4`, `0x4`, `-1`, empty, 20 digits",
    from: "RFC 9110, 8.6; haproxy 2237, envoy 3648, goliath 351",
    result: "400",
    send: [
      post(["Content-Length: 4", "Content-Length: 5"], "abcde"),
      post(["Content-Length: 4", "Content-Length: 4"], "abcd"),
      ...["4, 4", "+4", "0x4", "-1", "", "99999999999999999999"].map((length) =>
        post([`Content-Length: ${length}`], "abcd"),
      ),
    ],
    expect: refused,
  },
  {
    what: "`Transfer-Encoding`: `xchunked`, `gzip, chunked`, `chunked, identity`, with a tab or vertical tab, twice, in HTTP/1.0",
    from: "RFC 9112, 6.1; tinyproxy 616, smuggler 30, tiny-http 173",
    result: "400 or 501",
    send: [
      ...["xchunked", "gzip, chunked", "chunked, identity", "chunked\t", "\x0bchunked"].map((coding) =>
        post([`Transfer-Encoding: ${coding}`], "0\r\n\r\n"),
      ),
      post(["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], "0\r\n\r\n"),
      text("POST / HTTP/1.0", ["Host: a", "Transfer-Encoding: chunked"], "0\r\n\r\n"),
    ],
    expect: refused,
  },
  {
    what: "a space before a header's colon, an empty name, a name with a space, a folded line",
    from: "RFC 9112, 5.1 and 5.2",
    result: "400",
    send: [
      post(["Transfer-Encoding : chunked"], "0\r\n\r\n"),
      get(": x"),
      get("X A: 1"),
      get("X-A: 1", " folded: 2"),
      "GET / HTTP/1.1\r\n X: 1\r\nHost: a\r\n\r\n",
    ],
    expect: refused,
  },
  {
    what: "`Transfer_Encoding: chunked`",
    from: "smuggling lists",
    result: "doesn't reach the node",
    send: [post(["Transfer_Encoding: chunked", "Content-Length: 5"], "0\r\n\r\n")],
    expect: served,
    never: /"Transfer_/,
  },
  {
    what: "a carriage return or a zero byte in a header, a zero byte in a path, raw or as `%00`",
    from: "RFC 9110, 5.5",
    result: "400",
    send: [
      get("X-A: 1\rX-B: 2"),
      get("X-A: 1\x002"),
      text("GET /a\x00b HTTP/1.1", ["Host: a"]),
      text("GET /a%00b HTTP/1.1", ["Host: a"]),
    ],
    expect: refused,
  },
  {
    what: "a space in a path, `%zz`",
    from: "RFC 9112, 3.2",
    result: "400",
    send: [text("GET /a b HTTP/1.1", ["Host: a"]), text("GET /%zz HTTP/1.1", ["Host: a"])],
    expect: refused,
  },
  {
    what: "`%2F` and `%3A%2F%2F` in a path; `;`, a second `?`, `%26` and a whole URL in its arguments",
    from: "RFC 3986, 2.2; traefik 684, 2382, 9164, 12395, 13230",
    result: "pass as they are",
    send: ["/a%2Fb/http%3A%2F%2Fc%3A80%2Fd/?x=1;y=2", "/?u=http://b/?a=1;b=%26&c=/../d"].map((url) =>
      text(`GET ${url} HTTP/1.1`, ["Host: a"]),
    ),
    expect:
      /"line":"GET (\/a%2Fb\/http%3A%2F%2Fc%3A80%2Fd\/\?x=1;y=2|\/\?u=http:\/\/b\/\?a=1;b=%26&c=\/\.\.\/d) HTTP/,
  },
  {
    what: "`%0d%0a` in a path",
    from: "RFC 9112, 11.1",
    result: "passes as it is, and stays in the path",
    send: [text("GET /a%0d%0aX-Y:%201 HTTP/1.1", ["Host: a"])],
    expect: /GET \/a%0d%0aX-Y:%201 HTTP/,
  },
  {
    what: "lines that end with a line feed alone",
    from: "RFC 9112, 2.2; golang 71988",
    result: "read as lines; the node gets them with both characters",
    send: ["GET / HTTP/1.1\nHost: a\nX-A: 1\n\n"],
    expect: field("X-A: 1"),
  },
  {
    what: 'no `Host`, two, and ones that are none: `a b`, `a/../b`, `user@a`, `a,b`, `a"><script>`',
    from: "RFC 9112, 3.2; haproxy 1299",
    result: "400; the last three reached the node before",
    send: [
      text("GET / HTTP/1.1", ["X: 1"]),
      get("Host: b"),
      ...["a b", "a/../b", "user@a", "a,b", 'a"><script>'].map((host) =>
        text("GET / HTTP/1.1", [`Host: ${host}`]),
      ),
    ],
    expect: /^HTTP\/1\.1 400 /,
  },
  {
    what: "hosts that are some: `shop_1.test.`, with a port, `[::1]:80`",
    from: "RFC 3986, 3.2.2",
    result: "served",
    send: ["shop_1.test.", "A-b.test:8080", "[::1]:80", "10.0.0.1"].map((host) =>
      text("GET / HTTP/1.1", [`Host: ${host}`]),
    ),
    expect: served,
  },
  {
    what: "a whole URL in the request line, of another host than `Host`",
    from: "RFC 9112, 3.2.2; haproxy 3059",
    result: "the URL's host counts, for routes and for the node",
    send: [text("GET http://b.test/x HTTP/1.1", ["Host: a"])],
    expect: field('Host: b\\.test"'),
    never: /"Host: a"/,
  },
  {
    what: "`CONNECT`, `TRACE`, `OPTIONS *`, a method in small letters, a URL with a password",
    from: "RFC 9110, 9.3; RFC 9112, 3.2",
    result: "400, TRACE 405",
    send: [
      text("CONNECT a:443 HTTP/1.1", ["Host: a:443"]),
      text("TRACE / HTTP/1.1", ["Host: a", "Cookie: secret=1"]),
      text("OPTIONS * HTTP/1.1", ["Host: a"]),
      text("get / HTTP/1.1", ["Host: a"]),
      text("GET http://u:p@b.test/ HTTP/1.1", ["Host: b.test"]),
    ],
    expect: /^HTTP\/1\.1 40[05] /,
  },
  {
    what: "HTTP/0.9 (`GET /` alone)",
    from: "RFC 9112, appendix C",
    result: "400; was served before",
    send: ["GET /\r\n"],
    expect: /400 Bad Request/,
  },
  {
    what: "HTTP/1.2; `HTTP/2.0` in a request line",
    from: "RFC 9112, 2.3",
    result: "read as 1.1; 505",
    send: [text("GET / HTTP/1.2", ["Host: a"]), text("GET / HTTP/2.0", ["Host: a"])],
    expect: /^HTTP\/1\.1 (200|505) /,
  },
  {
    what: "a HEAD or GET with a body that is a request, then another request",
    from: "lua-nginx-module 2281",
    result: "two answers; the body is a body",
    send: [
      text("HEAD / HTTP/1.1", ["Host: a", `Content-Length: ${smuggled.length}`], smuggled + after),
      text("GET / HTTP/1.1", ["Host: a", `Content-Length: ${smuggled.length}`], smuggled + after),
    ],
    expect: apart,
    never: /"line":"GET \/smuggled/,
  },
  {
    what: "the same where the balancer answers by itself: 308, and 400 for a path",
    from: "RFC 9112, 9.3",
    result: "the same",
    send: ["/once", "/STREAM/"].map((path) =>
      text(`POST ${path} HTTP/1.1`, ["Host: a", `Content-Length: ${smuggled.length}`], smuggled + after),
    ),
    expect: apart,
    never: /"line":"GET \/smuggled/,
  },
  {
    what: "a body that is too large, and is a request",
    from: "RFC 9110, 15.5.14",
    result: "413, and the connection takes no other request",
    send: [post(["Content-Length: 2000000"], smuggled)],
    expect: /^HTTP\/1\.1 413 [\s\S]*Connection: close/,
    never: /smuggled/,
  },
  {
    what: "chunks: extensions, a line feed alone, spaces after the length, trailers",
    from: "RFC 9112, 7.1; CVE-2025-55315, CVE-2025-22871",
    result: "read, and passed on by their length, without trailers",
    send: [
      chunked("1;x=y\r\na\r\n0\r\n\r\n"),
      chunked("1\na\n0\n\n"),
      chunked("1 \r\na\r\n0\r\n\r\n"),
      chunked("1\r\na\r\n0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n"),
    ],
    expect: /Content-Length: 1"\],"body":"a"/,
    never: /6\.6\.6\.6|chunked"/,
  },
  {
    what: "chunks: `0x1`, 17 digits, more data than said",
    from: "RFC 9112, 7.1",
    result: "400",
    send: [
      chunked("0x1\r\na\r\n0\r\n\r\n"),
      chunked("fffffffffffffffff\r\na\r\n0\r\n\r\n"),
      chunked("1\r\nabc\r\n0\r\n\r\n"),
    ],
    expect: refused,
  },
  {
    what: "`Expect: 100-continue`",
    from: "RFC 9110, 10.1.1",
    result: "100 by the balancer; the node isn't asked to wait",
    send: [post(["Expect: 100-continue", "Content-Length: 1"], "")],
    expect: /^HTTP\/1\.1 100 Continue/,
  },
  {
    what: "`OPTIONS` with `Max-Forwards: 0`, and with 5",
    from: "RFC 9110, 7.6.2",
    result: "answered by the balancer; passed on with 4. Passed on unchanged before",
    send: ["0", "5"].map((left) => text("OPTIONS / HTTP/1.1", ["Host: a", `Max-Forwards: ${left}`])),
    expect: /^HTTP\/1\.1 204 |Max-Forwards: 4"/,
  },
  {
    what: "fields of one connection: `TE`, `Keep-Alive`, `Proxy-Connection`, `Trailer`, `Upgrade: h2c`, `HTTP2-Settings`",
    from: "RFC 9110, 7.6.1; h2c smuggling",
    result: "none reaches the node; `Trailer` did before",
    send: [
      get("TE: trailers", "Connection: TE"),
      get("Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "Trailer: X-T"),
      get("Upgrade: h2c", "HTTP2-Settings: x", "Connection: Upgrade, HTTP2-Settings"),
    ],
    expect: served,
    never: /"(TE|Keep-Alive|Proxy-Connection|Trailer|Upgrade|HTTP2-Settings|Connection):/i,
  },
  {
    what: "`Upgrade: websocket` on a route that doesn't stream",
    from: "RFC 9110, 7.8",
    result: "the node isn't asked to change the protocol",
    send: [get("Upgrade: websocket", "Connection: Upgrade")],
    expect: served,
    never: /"Upgrade:/i,
  },
  {
    what: "`Via`",
    from: "RFC 9110, 7.6.3",
    result:
      "a client's is dropped, and none is added, though a gateway should: servers compress nothing for requests that have one (nginx's `gzip_proxied`)",
    send: [get("Via: 1.1 x")],
    expect: served,
    never: /"Via:/i,
  },
  {
    what: "two headers of one name, an empty one, bytes beyond ASCII, several ranges",
    from: "RFC 9110, 5.3 and 14.2",
    result: "pass in their order",
    send: [get("X-D: 1", "X-E:", "X-D: 2", "X-L: \xe9", "Range: bytes=0-0,0-0")],
    expect: field('X-D: 1","X-E: ","X-D: 2","X-L: [^"]+","Range: bytes=0-0,0-0'),
  },
  {
    what: "1,500 headers",
    from: "nginx, large_client_header_buffers",
    result: "served up to 64 KB together, then 400",
    send: [get(...Array.from({ length: 8000 }, (_, n) => `X-${n}: 1`))],
    expect: refused,
  },
  {
    what: "two requests at once on one connection",
    from: "RFC 9112, 9.3.2",
    result: "answered in their order",
    send: [get() + after],
    expect: apart,
  },
  {
    what: "1,001 requests on one connection",
    from: "CVE-2023-44487, whose resets nginx counts as requests",
    result: "1,000 are answered, then it ends",
    send: [get().repeat(1001)],
    expect: /^(?:HTTP\/1\.1 200 (?:(?!HTTP\/1\.1 200 )[\s\S])*){1000}\[END\]$/,
  },
  {
    what: "empty lines before a request",
    from: "RFC 9112, 2.2",
    result: "passed over",
    send: [`\r\n\r\n${get()}`],
    expect: served,
  },
];
