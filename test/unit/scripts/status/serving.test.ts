import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { answersAt, faultOf, type Question, questionUrl } from "../../../../scripts/status/answers.ts";
import { statusOf } from "../../../../scripts/status/cluster-status.ts";
import { poolFaults } from "../../../../scripts/status/serving.ts";
import { planAny } from "../../../support/plan-any.ts";
import { small } from "../../../support/small.ts";

const plan = planAny(
  small({
    balancer: { kind: "nginx", listen: { tls: {} } },
    pools: { web: { active: 2 }, api: { active: 1, health: { path: "/api/live" } } },
    routes: [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api", host: "*.example.com" },
      { path: "/api/", pool: "api" },
    ],
  }) as never,
);
const entrance = { address: "127.0.0.1", httpPort: 8080, tlsPort: 8443 };

/** A status in which these nodes are lost and all others healthy. */
function statusWith(lost: readonly string[]) {
  const pools = Object.fromEntries(
    plan.pools.map(({ name }) => [
      name,
      {
        algorithm: {},
        members: plan.nodes
          .filter((node) => node.pool === name)
          .map(({ key, role, weight }) => {
            const healthy = !lost.includes(key);
            return { key, role, weight, healthy, inRotation: healthy, inFlight: 0, requests: 0, failures: 0 };
          }),
      },
    ]),
  );
  const balancer = { revision: "1", holdsVirtualAddress: true, pools };
  return statusOf("test", plan, {
    machines: new Map(plan.nodes.map(({ key }) => [key, { state: "running", running: true }])),
    balancers: new Map([["lb-1", balancer]]),
  });
}

async function faults(lost: readonly string[], ask: (question: Question) => string | null) {
  const found = await poolFaults(plan, statusWith(lost), entrance, async (question) => ask(question));
  return found.map(({ why }) => why);
}

describe("a cluster serves", () => {
  test("when each pool with a route has a healthy node that answers by TLS", async () => {
    const asked: string[] = [];
    expect(
      await faults([], (question) => {
        asked.push(questionUrl(question));
        return null;
      }),
    ).toEqual([]);
    expect(asked).toEqual(["https://127.0.0.1:8443/readyz", "https://127.0.0.1:8443/api/live"]);
  });

  test("not when one of several pools has nobody", async () => {
    expect(await faults(["api-1"], () => null)).toEqual(["pool api: none of its nodes is healthy"]);
  });

  test("not when its nodes are healthy and the balancers answer in their place", async () => {
    expect(await faults(["web-2"], ({ path }) => (path === "/readyz" ? "HTTP 502" : null))).toEqual([
      "pool web: web-1 healthy, but https://127.0.0.1:8443/readyz is answered HTTP 502 through the balancers",
    ]);
  });

  test("where there is no way in from here, by the balancers' checks alone", async () => {
    expect(await poolFaults(plan, statusWith([]), null)).toEqual([]);
  });

  test("a pool that answers to one host alone is asked for that", async () => {
    const hosts: (string | null)[] = [];
    const one = planAny(small({ routes: [{ path: "/", pool: "web", host: "*.example.com" }] }) as never);
    await poolFaults(
      { ...one, routes: one.routes.slice(0, 1) },
      statusWith([]),
      entrance,
      async ({ host }) => {
        hosts.push(host);
        return null;
      },
    );
    expect(hosts).toEqual(["www.example.com"]);
  });
});

describe("an answer", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function at(listener: RequestListener): Promise<string> {
    const listening = createServer(listener);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(listening.address() as { port: number }).port}/`;
  }

  test("of the application counts, whatever it thinks of the request", async () => {
    expect(await answersAt(await at((_, response) => response.writeHead(404).end()))).toBe(true);
  });

  test("of a balancer with nobody behind it doesn't", async () => {
    expect(await answersAt(await at((_, response) => response.writeHead(502).end()))).toBe(false);
  });

  test("that begins and never ends counts", async () => {
    expect(await answersAt(await at((_, response) => response.writeHead(200).write("data: 1\n\n")))).toBe(
      true,
    );
  });

  test("of nobody doesn't", async () => {
    expect(await answersAt("http://127.0.0.1:9/")).toBe(false);
  });
});

describe("a gRPC question ends", () => {
  /** Asks a server that does this with connections, and never answers. */
  async function asked(tls: boolean, onConnection: (socket: Socket) => void): Promise<string | null> {
    const open: Socket[] = [];
    const server = createTcpServer((socket) => {
      open.push(socket.on("error", () => {}));
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const socket of open) socket.destroy();
      server.close();
    });
    const { port } = server.address() as { port: number };
    return faultOf({ tls, address: "127.0.0.1", port, host: null, path: "/a.B/C", protocol: "grpc" });
  }

  test("where the connection is closed without an answer", async () => {
    expect(await asked(false, (socket) => socket.once("data", () => socket.end()))).toBe(
      "the connection was closed without an answer",
    );
  });

  test("where TLS never begins", async () => {
    expect(await asked(true, () => {})).toBe("no answer within 3 s");
  });
});
