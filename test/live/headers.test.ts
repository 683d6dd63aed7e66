import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientHeaders } from "../../components/model/balancers/nginx/client-headers.ts";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import type { Answer } from "../support/send.ts";
import { until } from "../support/until.ts";

/*
 * What a node is told of a request, and what clients may send: one real balancer and its door. A client in a container of the
 * network is a trusted proxy; one inside the balancer is not.
 */

const suite = "headers";
const stack = {
  name: "headers",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.16.0/23" },
  balancer: {
    kind: "nginx",
    count: 1,
    listen: { tls: { certificate: { kind: "self-signed" }, redirect: true } },
    trustedProxies: ["10.79.16.0/23"],
    bodyLimit: "1 MB",
    headers: { fromClient: ["Via"] },
  },
  pools: { web: { active: 1 } },
  routes: [
    { path: "/", pool: "web" },
    { path: "/api/", pool: "web" },
    { path: "/files", pool: "web" },
    { path: "/files/", pool: "web" },
    { path: "/stream/", pool: "web", streaming: true },
  ],
};
const plan = planOf(stack);
const key = "lb-1";
const program = join(import.meta.dirname, "../fixtures/hostile-node/server.mjs");
const proxy = `http://${plan.balancers[0]?.address}`;
const door = `http://${plan.door?.address}`;
let pair: Pair;

interface Given {
  readonly url: string;
  readonly method: string;
  readonly bytes: number;
  readonly raw: readonly string[];
}

/** Header values that the node got, by name in lower case. */
function headersOf(body: string): Record<string, string> {
  const { raw } = JSON.parse(body) as Given;
  const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? ""]] : []));
  return Object.fromEntries(pairs);
}

/** What a client inside the balancer, which nobody trusts, gets. */
async function curl(...options: string[]): Promise<string> {
  return (await exec(pair.machine(key), "curl", "-sk", ...options)).stdout;
}

const given = async (...options: string[]) => headersOf(await curl("https://127.0.0.1/given", ...options));

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan, program);
  expect(await deliver(pair.machine(key), filesOf(plan, key))).toMatchObject({ outcome: "applied" });
  await until("the node is well", async () => {
    const { pools } = await pair.status(key);
    return pools.web?.members[0]?.healthy === true;
  });
});
afterAll(() => removeAll(suite));

describe("headers that a client may not choose", () => {
  const forged = [...clientHeaders, "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port"];

  test("don't reach the node as the client sent them, save the one that the stack lets through", async () => {
    const options = forged.flatMap((name) => ["-H", `${name}: forged`]);
    const all = await given(...options);
    const through = Object.entries(all).filter(([, value]) => value.includes("forged"));
    expect(through).toEqual([["via", "forged"]]);
    expect(all).toMatchObject({ "x-real-ip": "127.0.0.1", "x-forwarded-for": "127.0.0.1" });
  });

  test("nor on a streaming route", async () => {
    const options = forged.flatMap((name) => ["-H", `${name}: forged`]);
    const all = headersOf(await curl("https://127.0.0.1/stream/given", ...options));
    expect(Object.entries(all).filter(([, value]) => value.includes("forged"))).toEqual([["via", "forged"]]);
  });

  test.each([
    ["close, X-Hop", "x-hop"],
    ["keep-alive,x-hop , X-Other", "x-other"],
    ["Upgrade, HTTP2-Settings", "http2-settings"],
    ["X-Hop", "x-hop"],
  ])("Connection: %s takes what it names away", async (connection, gone) => {
    const fields = ["X-Hop: 1", "X-Other: 1", "HTTP2-Settings: 1", "X-Stays: 1", "Proxy-Connection: close"];
    const options = [`Connection: ${connection}`, ...fields].flatMap((field) => ["-H", field]);
    const all = await given("--http1.1", ...options);
    expect(all).toHaveProperty("x-stays");
    expect(all).not.toHaveProperty(gone);
    expect(all).not.toHaveProperty("proxy-connection");
  });

  test("nor can Connection take away what the balancer says, or the body", async () => {
    const options = ["-H", "Connection: close, X-Forwarded-For, Content-Length, Host", "-d", "body"];
    const body = await curl("--http1.1", "https://127.0.0.1/given", ...options);
    expect(JSON.parse(body)).toMatchObject({ bytes: 4, method: "POST" });
    expect(headersOf(body)).toMatchObject({ "x-forwarded-for": "127.0.0.1", host: "127.0.0.1" });
  });
});

describe("scheme, host and port", () => {
  test.each([
    ["https://127.0.0.1/given", { host: "127.0.0.1", "x-forwarded-port": "443" }],
    ["https://shop.test:8443/given", { host: "shop.test:8443", "x-forwarded-port": "8443" }],
  ])("of %s are the client's", async (url, expected) => {
    const body = await curl("--connect-to", "::127.0.0.1:443", url);
    const { host } = expected;
    expect(headersOf(body)).toMatchObject({
      ...expected,
      "x-forwarded-host": host,
      "x-forwarded-proto": "https",
    });
  });

  test("a request without Host has the virtual address for one", async () => {
    const body = await curl("--http1.0", "-H", "Host:", "https://127.0.0.1/given");
    expect(headersOf(body)).toMatchObject({ host: plan.network.virtualAddress });
  });

  const claims = {
    "x-forwarded-proto": "https",
    "x-forwarded-host": "shop.test:444",
    "x-forwarded-port": "444",
  };

  test("a trusted proxy's word is taken: no redirect, and the node hears of TLS", async () => {
    const [answer] = await pair.send(proxy, [{ path: "/given", headers: claims }]);
    expect(answer?.status).toBe(200);
    expect(headersOf(answer?.body ?? "")).toMatchObject(claims);
  });

  test.each([
    ["http", "/given?a=1"],
    ["nonsense", "/given?a=1"],
  ])("who comes by %s is redirected", async (proto, path) => {
    const [answer] = await pair.send(proxy, [{ path, headers: { "x-forwarded-proto": proto } }]);
    expect(answer).toMatchObject({
      status: 308,
      headers: { location: expect.stringMatching(/^https:.*\/given\?a=1$/) },
    });
  });

  test("nobody else's is: neither over TLS nor through the door", async () => {
    const options = Object.entries(claims).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    expect(await given(...options)).toMatchObject({
      "x-forwarded-host": "127.0.0.1",
      "x-forwarded-port": "443",
    });
    const plain = ["-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1/given"];
    expect(await curl(...options, ...plain)).toBe("308");
    const [answer] = await pair.send(door, [{ path: "/given", headers: claims }]);
    expect(answer?.status).toBe(308);
  });
});

describe("sizes", () => {
  const long = "x".repeat(9_000);

  async function both(path: string, headers = {}): Promise<(Answer | undefined)[]> {
    const secure = { "x-forwarded-proto": "https", ...headers };
    return [(await pair.send(proxy, [{ path, headers: secure }]))[0]];
  }

  test.each([
    ["a cookie of 9 KB", "/given", { cookie: `a=${long}` }],
    ["a URL of 9 KB", `/given?${long}`, {}],
    ["an answer with a cookie of 9 KB", "/large?bytes=9000", {}],
  ])("%s passes", async (_, path, headers) => {
    for (const answer of await both(path, headers)) expect(answer?.status).toBe(200);
  });

  test("what is larger than the limits is refused for itself: the node is as well as before", async () => {
    const statuses = await Promise.all([
      both("/given", { cookie: `a=${"x".repeat(20_000)}` }),
      both(`/given?${"x".repeat(20_000)}`),
      both("/large?bytes=20000"),
    ]);
    expect(statuses.flat().map((answer) => answer?.status)).toEqual([400, 414, 502]);
    expect((await pair.status(key)).pools.web?.members[0]).toMatchObject({ healthy: true, mark: null });
  });

  test("an upload on a streaming route reaches the node while it is being sent", async () => {
    const command = "head -c 800000 /dev/zero | curl -sk --limit-rate 400k -H Expect: --data-binary @-";
    const url = "https://127.0.0.1/stream/upload";
    const { stdout } = await exec(pair.machine(key), "sh", "-c", `${command} ${url}`);
    const { first, all } = JSON.parse(stdout);
    expect(all).toBeGreaterThan(1_000);
    expect(first).toBeLessThan(500);
  });

  test("the door refuses a body before it has come", async () => {
    const command = "head -c 150000000 /dev/zero | curl -s -o /dev/null -w '%{http_code} %{size_upload}'";
    const url = `${door}/given`;
    const sent = await exec(
      pair.machine(key),
      "sh",
      "-c",
      `${command} -H Expect: -X POST --data-binary @- ${url}`,
    );
    const [status, bytes] = sent.stdout.split(" ").map(Number);
    expect(status).toBe(413);
    expect(bytes).toBeLessThan(20_000_000);
  });
});

describe("a route with a last slash, asked without", () => {
  test.each(["GET", "POST", "PUT"])("by %s keeps its method and arguments", async (method) => {
    const [answer] = await pair.send(proxy, [
      { path: "/api?a=1", method, headers: { "x-forwarded-proto": "https" } },
    ]);
    expect(answer).toMatchObject({ status: 308, headers: { location: "/api/?a=1" } });
  });

  test("is answered by the route that has none", async () => {
    const [answer] = await pair.send(proxy, [{ path: "/files", headers: { "x-forwarded-proto": "https" } }]);
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ path: "/files" });
  });
});

test("an idle connection to a node ends within a second", async () => {
  await given();
  const count = async () => {
    const { stdout } = await exec(
      pair.machine(key),
      "sh",
      "-c",
      "ss -Htn state established '( dport = :8080 )' | wc -l",
    );
    return Number(stdout);
  };
  await sleep(1_600);
  expect(await count()).toBeLessThanOrEqual(1);
  await exec(
    pair.machine(key),
    "sh",
    "-c",
    "for i in 1 2 3 4 5 6; do curl -sk https://127.0.0.1/slow?ms=100 & done; wait",
  );
  await sleep(1_600);
  expect(await count()).toBeLessThanOrEqual(1);
});

test("where TLS ends in front of the balancer, its listener for TLS is https and the other is not", async () => {
  const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/a";
  const certificate = { kind: "acm", arn } as const;
  const end = { at: "front", certificate: arn } as const;
  const tls = { port: 443, certificate, redirect: false, end, strictTransport: null };
  const behind = { ...plan, tier: { ...plan.tier, tls, trustedProxies: [] } };
  const { "tls/self-signed.names": _, ...files } = filesOf(behind, key);
  expect(await deliver(pair.machine(key), files)).toMatchObject({ nginx: "reload" });
  const told = headersOf(await curl("-H", "Host: shop.test", "http://127.0.0.1:443/given"));
  expect(told).toMatchObject({ "x-forwarded-proto": "https", "x-forwarded-port": "443", host: "shop.test" });
  // What client and front have agreed on comes through: HTTP/2 from its first byte, or HTTP/1.1.
  const version = (...options: string[]) =>
    curl("-o", "/dev/null", "-w", "%{http_version}", ...options, "http://127.0.0.1:443/given");
  expect(await version("--http2-prior-knowledge")).toBe("2");
  expect(await version("--http1.1")).toBe("1.1");
  const plain = headersOf(await curl("-H", "Host: shop.test", "http://127.0.0.1:80/given"));
  expect(plain).toMatchObject({ "x-forwarded-proto": "http", "x-forwarded-port": "80" });
});
