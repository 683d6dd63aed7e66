import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/* What web sites need, and what clients try against it: paths that dodge a route's limit, errors that a program can read. */

const suite = "web-sites";
const stackOf = (balancer: object = {}) => ({
  name: "web-sites",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.28.0/23" },
  balancer: {
    kind: "nginx",
    count: 1,
    listen: { tls: { certificate: { kind: "self-signed" }, redirect: false } },
    ...balancer,
  },
  pools: { web: { active: 1 }, login: { active: 1 }, broken: { active: 1 } },
  routes: [
    { path: "/", pool: "web" },
    { path: "/login", pool: "login", rateLimit: { perSecond: 1, burst: 1 } },
    { path: "/static/", pool: "web", bodyLimit: "1 KB" },
    { path: "/caf%C3%A9/", pool: "login" },
    { path: "/broken/", pool: "broken", tries: 1 },
    { host: "shop.test", path: "/cart", pool: "login" },
    { host: "*.shop.test", path: "/", pool: "login" },
    { host: "blog.shop.test", path: "/", pool: "web" },
    { host: "blog.shop.test", path: "/login/", pool: "web", bodyLimit: "1 KB" },
  ],
});
const plan = planOf(stackOf());
const key = "lb-1";
const program = join(import.meta.dirname, "../fixtures/raw-node/server.mjs");
let pair: Pair;

const curl = async (...options: string[]) =>
  (await exec(pair.machine(key), "curl", "-sk", ...options)).stdout;

async function take(balancer: object = {}): Promise<void> {
  expect(await deliver(pair.machine(key), filesOf(planOf(stackOf(balancer)), key))).toMatchObject({
    exitCode: 0,
  });
}

interface Seen {
  readonly status: number;
  readonly pool: string | null;
  readonly url: string | null;
}

/** What comes of paths as they are written, one after the other: the status, and which pool's node saw what. */
async function ask(paths: readonly string[]): Promise<Seen[]> {
  const answers = await pair.send(
    `http://${plan.balancers[0]?.address}`,
    paths.map((path) => ({ path })),
  );
  return answers.map(({ status, body }) => {
    const seen = status === 200 ? JSON.parse(body) : {};
    return { status, pool: seen.node?.replace(/-\d+$/, "") ?? null, url: seen.url ?? null };
  });
}

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan, program);
  await take();
  await until("the nodes are healthy", async () =>
    Object.values((await pair.status(key)).pools).every((pool) => pool.members[0]?.healthy === true),
  );
});
afterAll(() => removeAll(suite));

describe("paths", () => {
  /** How servers read a path that was sent: each a way that some do. */
  const views: Record<string, (raw: string) => string> = {
    "WHATWG URL": (raw) => decoded(new URL(`http://node${raw}`).pathname),
    "without case": (raw) => decoded(raw).toLowerCase(),
    Windows: (raw) => resolved(decoded(raw).replaceAll("\\", "/")).toLowerCase(),
    "Java's servlets": (raw) => resolved(decoded(raw).replace(/;[^/]*/g, "")),
    "decoded twice": (raw) => resolved(decoded(decoded(raw))),
    "as it is": (raw) => raw,
  };
  const decoded = (text: string) =>
    text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  const resolved = (text: string) => new URL(`http://node${text.replace(/\/{2,}/g, "/")}`).pathname;

  const tricks = [
    "/LOGIN",
    "/Login?a=1",
    "/x\\..\\login",
    "/x%5C..%5clogin",
    "//login",
    "/x//..//login",
    "/%2e%2e/login",
    "/x/%2e%2e/login",
    "/x/..%2flogin",
    "/%2flogin",
    "/%6cogin",
    "/%256cogin",
    "/;x=1/login",
    "/login;x=1",
    "/x/..;/login",
    "/x/..%3B/login",
    "/static/..;a=b/login",
    "/static/%2e%2e%5clogin",
    "/./login",
    "/login/",
    "/login/../login",
    "/login/%2e%2e/x",
    "/#/../login",
    "/%c0%aflogin",
    "/x/.%2e/login",
  ];

  const plain: readonly (readonly [path: string, pool: string])[] = [
    ["/group%2Fproject/Issues", "web"],
    ["/a//b;v=1/C%20d?x=/../login", "web"],
    ["/static/A.css", "web"],
    ["/caf%C3%A9/Menu", "login"],
  ];
  const came = new Map<string, Seen[]>();

  beforeAll(async () => {
    // Three times: the limit of the route is full, so what is counted by it is refused.
    const all = [...tricks.flatMap((path) => [path, path, path]), ...plain.map(([path]) => path)];
    for (const [at, seen] of (await ask(all)).entries())
      came.set(all[at] ?? "", [...(came.get(all[at] ?? "") ?? []), seen]);
  });

  test.each(tricks)("%s dodges no limit, however a node reads it", (path) => {
    const answers = came.get(path) ?? [];
    expect(answers).toHaveLength(3);
    for (const { status, pool, url } of answers) {
      if (status !== 200) continue;
      const raw = (url ?? "").replace(/\?.*/, "");
      for (const [view, read] of Object.entries(views)) {
        const isLogin = /^\/login/.test(read(raw));
        expect(!isLogin || pool === "login", `${view} reads ${raw} as ${read(raw)} of ${pool}`).toBe(true);
      }
    }
    expect(answers.every(({ status }) => [200, 400, 429].includes(status))).toBe(true);
  });

  test.each(plain)("%s has one reading and passes byte for byte", (path, pool) => {
    expect(came.get(path)).toEqual([{ status: 200, pool, url: path }]);
  });

  test("any are let through where the stack says so", async () => {
    await take({ paths: "any" });
    expect(await ask(["/LOGIN"])).toMatchObject([{ status: 200, pool: "web" }]);
    await take();
    expect(await ask(["/LOGIN"])).toMatchObject([{ status: 400 }]);
  });

  test("a refused path leaves the other look at a request as it was", async () => {
    const fields = ["-H", "Connection: close, X-Hop", "-H", "X-Hop: 1", "-H", "X-Stays: 1"];
    const { raw } = JSON.parse(await curl("--http1.1", ...fields, "https://127.0.0.1/Capital"));
    expect(raw.join(" ").toLowerCase()).toContain("x-stays");
    expect(raw.join(" ").toLowerCase()).not.toContain("x-hop");
  });
});

describe("routes by host", () => {
  const at = async (host: string, path: string, ...more: string[]) => {
    const url = ["-H", `Host: ${host}`, `http://127.0.0.1${path}`];
    const body = await curl("--path-as-is", ...more, ...url);
    return body.startsWith("{") ? JSON.parse(body).node : body;
  };

  test.each([
    ["shop.test", "/cart/1", "login-1"],
    // What none of its own routes fits, those for all hosts answer.
    ["shop.test", "/static/a", "web-1"],
    ["SHOP.test:80", "/cart", "login-1"],
    ["shop.test.", "/cart", "login-1"],
    // The exact name before the wildcard, and its own routes before longer ones for all.
    ["blog.shop.test", "/cart", "web-1"],
    ["blog.shop.test", "/login/x", "web-1"],
    ["www.shop.test", "/static/a", "login-1"],
    ["a.b.shop.test", "/", "login-1"],
    ["other.test", "/cart", "web-1"],
  ])("%s%s is answered by %s", async (host, path, node) => {
    expect(await at(host, path)).toBe(node);
    const overTls = await curl("-H", `Host: ${host}`, `https://127.0.0.1${path}`);
    expect(JSON.parse(overTls).node).toBe(node);
  });

  test("have limits of their own, at the door as well", async () => {
    const body = ["-o", "/dev/null", "-w", "%{http_code}", "-d", "x".repeat(2000)];
    expect(await at("blog.shop.test", "/login/x", ...body)).toBe("413");
    expect(await at("blog.shop.test", "/other", ...body)).toBe("200");
    const [small, large] = await pair.send(`http://${plan.door?.address}`, [
      { path: "/login/x", method: "POST", bytes: 100, headers: { host: "blog.shop.test" } },
      { path: "/login/x", method: "POST", bytes: 2000, headers: { host: "blog.shop.test" } },
    ]);
    expect([small?.status, large?.status]).toEqual([200, 413]);
  });

  test("and paths that are read otherwise are of that host", async () => {
    const status = ["-o", "/dev/null", "-w", "%{http_code}"];
    expect(await at("shop.test", "/CART", ...status)).toBe("400");
    expect(await at("other.test", "/CART", ...status)).toBe("200");
  });
});

describe("the balancer's own errors", () => {
  const json = ["-H", "Accept: application/json, */*"];

  test("429 says when to come again, and as JSON to those who ask for it", async () => {
    const command = `for i in 1 2 3 4; do curl -sik -H 'Accept: application/json' https://127.0.0.1/login; done`;
    const { stdout } = await exec(pair.machine(key), "sh", "-c", command);
    const refused = stdout.slice(stdout.indexOf(" 429"));
    expect(refused).toMatch(/^retry-after: 1\r?$/im);
    expect(refused).toMatch(/^content-type: application\/json\r?$/im);
    expect(refused).toMatch(/"title":"Too Many Requests"/);
    expect(refused).toMatch(/"retryAfter":1/);
    expect(refused).toMatch(/"requestId":"[0-9a-f]{32}"/);
  });

  test.each([
    ["413", ["-d", "x".repeat(2000), "https://127.0.0.1/static/a"]],
    ["400", ["--path-as-is", "https://127.0.0.1/LOGIN"]],
    ["502", ["https://127.0.0.1/broken/break"]],
    ["504", ["https://127.0.0.1/broken/silent"]],
  ])("%s is JSON, a page for browsers, and no body for HEAD", async (status, request) => {
    const body = JSON.parse(await curl(...json, ...request));
    expect(body).toMatchObject({ type: "about:blank", status: Number(status) });
    const page = await curl("-H", "Accept: text/html,application/xhtml+xml,*/*;q=0.8", ...request);
    expect(page).toMatch(new RegExp(`^<!doctype html>\n<title>${status} `));
    if (status === "413") return;
    const head = await curl("-I", ...json, ...request);
    expect(head).toMatch(new RegExp(`^HTTP/2 ${status}`));
  });

  test("what a node answers is its own, errors too", async () => {
    expect(JSON.parse(await curl(...json, "https://127.0.0.1/own?status=503"))).toMatchObject({
      node: "web-1",
    });
  });
});

test.each(["POST", "GET"])("a body of HTTP/2 without a length has its time, with %s", async (method) => {
  // 15 s and what 1 KB takes beyond that.
  const options = { origin: `https://${plan.balancers[0]?.address}`, path: "/static/a", method };
  const { status, seconds } = await pair.run<{ status: number; seconds: number }>("drip.ts", options);
  // Its stream ends, without an answer.
  expect(status).toBe(0);
  expect(seconds).toBeGreaterThan(14);
  expect(seconds).toBeLessThan(25);
});

describe("headers of answers", () => {
  test("that keep browsers from harm are added where the stack says so, and a node's own stay", async () => {
    expect(await curl("-I", "https://127.0.0.1/")).not.toMatch(/x-frame-options|nosniff/i);
    const strictTransport = { maxAge: "17520 h", subdomains: true, preload: true };
    await take({
      headers: { security: true },
      listen: { tls: { certificate: { kind: "self-signed" }, redirect: false, strictTransport } },
    });
    const headers = await curl("-I", "https://127.0.0.1/own?frames=DENY");
    expect(headers).toMatch(/^x-content-type-options: nosniff\r?$/im);
    expect(headers.match(/x-frame-options: \S+/gi)).toEqual(["x-frame-options: DENY"]);
    expect(headers).toMatch(/^referrer-policy: strict-origin-when-cross-origin\r?$/im);
    expect(headers).toMatch(/^strict-transport-security: max-age=63072000; includeSubDomains; preload\r?$/im);
    // Never in clear (RFC 6797, 7.2), and with errors as well.
    expect(await curl("-I", "http://127.0.0.1/")).not.toMatch(/strict-transport/i);
    expect(await curl("-I", "https://127.0.0.1/LOGIN")).toMatch(/nosniff/);
    await take();
  });

  test("and texts are compressed for those who take it, where the stack says so", async () => {
    const size = async (path: string, ...more: string[]) => {
      const options = ["-o", "/dev/null", "-w", "%{size_download} %header{content-encoding} %header{vary}"];
      return (await curl(...options, ...more, `https://127.0.0.1${path}`)).trim().split(" ");
    };
    const takes = (coding: string) => ["-H", `Accept-Encoding: ${coding}`];
    const long = `/own?${"x".repeat(5000)}`;
    expect(Number((await size(long, ...takes("gzip, br")))[0])).toBeGreaterThan(5000);
    for (const [compression, coding, used] of [
      [true, "gzip, br", "br"],
      [true, "br", "br"],
      [true, "gzip", "gzip"],
      [true, "br;q=0, gzip", "gzip"],
      ["gzip", "gzip, br", "gzip"],
    ] as const) {
      await take({ compression });
      const [bytes, ...told] = await size(long, ...takes(coding));
      expect([coding, ...told]).toEqual([coding, used, "Accept-Encoding"]);
      expect(Number(bytes)).toBeLessThan(1000);
    }
    await take({ compression: true });
    // Those who take neither get the text itself, and caches are told that there are others.
    for (const coding of ["identity", "gzip;q=0"]) {
      const [bytes, ...told] = await size(long, ...takes(coding));
      expect(Number(bytes)).toBeGreaterThan(5000);
      expect([coding, ...told]).toEqual([coding, "", "Accept-Encoding"]);
    }
    // Short ones, and those that a node wants nobody to change (RFC 9110, 7.7).
    expect((await size("/own", ...takes("gzip")))[1]).not.toBe("gzip");
    for (const coding of ["gzip", "br"]) {
      const kept = await size(`${long}&control=public,%20No-Transform`, ...takes(coding));
      expect(Number(kept[0])).toBeGreaterThan(5000);
    }
    await take();
  });

  test("with an underscore in their name don't reach a node, and the log says so; or do where the stack wants them", async () => {
    const { raw } = JSON.parse(await curl("--http1.1", "-H", "X_Token: 1", "https://127.0.0.1/"));
    expect(raw.join(" ")).not.toContain("X_Token");
    await until("the log says so", async () => {
      await curl("--http1.1", "-H", "X_Token: 1", "https://127.0.0.1/");
      const log = await pair.machine(key).logs({ stdout: true, stderr: true });
      return log.toString().includes("the header X_Token doesn't reach nodes");
    });
    await take({ headers: { underscores: true } });
    const passed = JSON.parse(await curl("--http1.1", "-H", "X_Token: 1", "https://127.0.0.1/"));
    expect(passed.raw.join(" ")).toContain("X_Token");
    await take();
  });
});
