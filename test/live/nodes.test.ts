import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkUrl, probeOf, verdictOf } from "../../components/platform/planned/probe.ts";
import { renderMembers } from "../../components/render/members.ts";
import { exec, removeAll } from "../support/containers.ts";
import { deliver, filesOf, type Pair, startPair } from "../support/pair.ts";
import { planOf } from "../support/plans.ts";
import { until } from "../support/until.ts";

/*
 * Nodes that don't speak plain HTTP to everybody: applications that answer to one host, HTTPS, gRPC. Checks, requests, and what a
 * roll-out asks newcomers, by one real balancer.
 */

const suite = "nodes";
const folder = mkdtempSync(join(tmpdir(), "hotspare-nodes-"));

/** A certificate that has signed itself, so that it is its own authority. */
function certificate(name: string): { crt: string; key: string } {
  const [crt, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", crt], {
    stdio: "ignore",
  });
  return { crt: readFileSync(crt, "utf8"), key: readFileSync(key, "utf8") };
}

const own = certificate("secure.internal");
const stranger = certificate("stranger.internal");
const fields = { host: "shop.test", headers: { "X-Check": "yes" } };

const stackOf = (tls: object, health: object = fields, service = "shop.Orders") => ({
  name: "nodes",
  environment: "development",
  platform: { kind: "docker" },
  network: { subnet: "10.79.26.0/23" },
  balancer: {
    kind: "nginx",
    count: 1,
    listen: { tls: { certificate: { kind: "self-signed" }, redirect: false } },
  },
  pools: {
    picky: { active: 2, health },
    secure: { active: 1, tls },
    sealed: { active: 1, protocol: "grpc", tls, health: { protocol: "grpc", service } },
    rpc: { active: 2, protocol: "grpc", health: { protocol: "grpc", service } },
  },
  routes: [
    { path: "/", pool: "picky" },
    { path: "/secure/", pool: "secure" },
    { path: "/test.Sealed/", pool: "sealed" },
    { path: "/test.Echo/", pool: "rpc" },
  ],
});
const verified = { name: "secure.internal", authority: own.crt };
const plan = planOf(stackOf(verified));
const program = join(import.meta.dirname, "../fixtures/spoken-node/server.mjs");
const key = "lb-1";
let pair: Pair;

const curl = async (...options: string[]) =>
  (await exec(pair.machine(key), "curl", "-sk", ...options)).stdout;

async function take(stack: unknown): Promise<void> {
  expect(await deliver(pair.machine(key), filesOf(planOf(stack), key))).toMatchObject({ exitCode: 0 });
}

async function health(pool: string, expected: boolean): Promise<void> {
  await until(
    `the nodes of ${pool} are ${expected ? "healthy" : "unhealthy"}`,
    async () => {
      const { pools } = await pair.status(key);
      return pools[pool]?.members.every(({ healthy }) => healthy === expected) === true;
    },
    20_000,
  );
}

const pools = ["picky", "secure", "sealed", "rpc"] as const;

beforeAll(async () => {
  await removeAll(suite);
  pair = await startPair(suite, plan, program, { "srv/tls.crt": own.crt, "srv/tls.key": own.key });
  await take(stackOf(verified));
  for (const pool of pools) await health(pool, true);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await removeAll(suite);
});

describe("an application that answers to one host only", () => {
  test("is healthy when the checks name it, and unhealthy when they don't", async () => {
    expect(JSON.parse(await curl("-H", "Host: shop.test", "https://127.0.0.1/"))).toMatchObject({
      host: "shop.test",
    });
    await take(stackOf(verified, {}));
    await health("picky", false);
    await take(stackOf(verified));
    await health("picky", true);
  });
});

describe("nodes that speak TLS", () => {
  test("are asked by their name and verified", async () => {
    const answer = JSON.parse(await curl("https://127.0.0.1/secure/"));
    expect(answer).toMatchObject({ node: "secure-1", asked: "secure.internal" });
  });

  test.each([
    ["another authority", { name: "secure.internal", authority: stranger.crt }],
    ["another name", { name: "other.internal", authority: own.crt }],
  ])("are unhealthy and get no requests when the stack says %s", async (_, tls) => {
    await take(stackOf(tls));
    await health("secure", false);
    expect(await curl("-o", "/dev/null", "-w", "%{http_code}", "https://127.0.0.1/secure/")).toBe("502");
    await take(stackOf(verified));
    await health("secure", true);
  });

  test("are reached whatever their certificate when the stack names no authority", async () => {
    await take(stackOf({}));
    await health("secure", true);
    expect(JSON.parse(await curl("https://127.0.0.1/secure/"))).toMatchObject({ node: "secure-1" });
    await take(stackOf(verified));
  });
});

describe("nodes that speak gRPC", () => {
  const call = async (method: string, service = "Echo") => {
    const command = `printf '\\0\\0\\0\\0\\3abc' | curl -sk --http2 -D - -H 'content-type: application/grpc' -H 'te: trailers' --data-binary @- https://127.0.0.1/test.${service}/${method} | tr -d '\\0'`;
    return (await exec(pair.machine(key), "sh", "-c", command)).stdout;
  };

  test("get a call and give its answer with the trailers", async () => {
    const answer = await call("Say");
    expect(answer).toMatch(/^HTTP\/2 200/);
    expect(answer).toContain("abc");
    expect(answer).toMatch(/grpc-status: 0/);
    // What the balancer tells nodes of a request, it tells these as well.
    expect(answer).toMatch(/x-given: https/);
  });

  test("are unhealthy for a service that they don't know", async () => {
    await take(stackOf(verified, fields, "shop.Unknown"));
    await health("rpc", false);
    await take(stackOf(verified));
    await health("rpc", true);
  });

  test("over TLS are asked by their health protocol as well, and verified", async () => {
    const answer = await call("Say", "Sealed");
    expect(answer).toMatch(/x-node: sealed-1/);
    for (const [tls, service, reason] of [
      [verified, "shop.Unknown", /gRPC/],
      [{ ...verified, authority: stranger.crt }, "shop.Orders", /TLS: .*certificate/],
    ] as const) {
      await take(stackOf(tls, fields, service));
      await health("sealed", false);
      const { pools: all } = await pair.status(key);
      expect(all.sealed?.members[0]?.lastChange?.reason).toMatch(reason);
      await take(stackOf(verified));
      await health("sealed", true);
    }
  });

  test("are asked by the balancer about its members alone, whoever asks it", async () => {
    const [secure] = plan.nodes.filter(({ pool }) => pool === "secure");
    const ask = (member: string) =>
      curl(
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
        "-H",
        `X-Hotspare-Member: ${member}`,
        "http://127.0.0.1:9180/check/sealed",
      );
    for (const member of ["", `sealed/x@${secure?.address}:22`, "sealed/x@169.254.169.254:80", "nobody/x"]) {
      expect(await ask(member)).toMatch(/^50[02]$/);
    }
  });

  test("are unhealthy when they say so, and the others answer", async () => {
    const stopped = /x-node: (\S+)/.exec(await call("Stop"))?.[1];
    await until("it is out", async () => {
      const { pools: all } = await pair.status(key);
      return all.rpc?.members.find((member) => member.key === stopped)?.healthy === false;
    });
    for (let n = 0; n < 4; n++) expect(/x-node: (\S+)/.exec(await call("Say"))?.[1]).not.toBe(stopped);
  });
});

test("what a roll-out asks of newcomers is what the checks ask", async () => {
  const { pools: document } = JSON.parse(renderMembers(plan));
  for (const pool of pools) {
    const [member] = document[pool].members.slice(-1);
    const { health: asked } = document[pool];
    const verdict = async (question: object) => {
      const { command, stdin } = probeOf(
        checkUrl(member, question as typeof asked),
        question as typeof asked,
      );
      const piped = stdin === undefined ? [] : ["sh", "-c", `printf '${octal(stdin)}' | "$@"`, "-"];
      const { stdout } = await exec(pair.machine(key), ...piped, ...command);
      return verdictOf(stdout, question as typeof asked);
    };
    if (pool === "rpc" || pool === "sealed") {
      expect(await verdict({ ...asked, service: "shop.Unknown" })).toMatch(/gRPC/);
      if (pool === "sealed") expect(await verdict(asked)).toBeNull();
      continue;
    }
    expect(await verdict(asked)).toBeNull();
    expect(await verdict({ ...asked, host: undefined, headers: {}, tls: undefined })).toMatch(
      pool === "picky" ? /HTTP 400/ : /HTTP 000/,
    );
  }
});

const octal = (text: string) =>
  [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
