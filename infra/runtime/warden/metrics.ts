import { createServer, type Server } from "node:http";
import { BlockList } from "node:net";
import type { RetriesSeen } from "./balancer-client.ts";
import type { Observation } from "./types.ts";

/** Counters and gauges in Prometheus' text form. */
export class Metrics {
  readonly #counters = new Map<string, number>();
  readonly #labels: string;
  #observation: Observation | null = null;
  #retries: Readonly<Record<string, RetriesSeen>> = {};
  #overlayRevision = 0;
  #slowest = 0;

  constructor(cluster: string, warden: string) {
    this.#labels = `cluster="${cluster}",warden="${warden}"`;
  }

  /** @param labels such as `event="promote"`; plain words only */
  count(name: string, labels = ""): void {
    const key = `${name}{${[this.#labels, labels].filter(Boolean).join(",")}}`;
    this.#counters.set(key, (this.#counters.get(key) ?? 0) + 1);
  }

  /** What the balancer has counted. */
  retries(seen: Readonly<Record<string, RetriesSeen>>): void {
    this.#retries = seen;
  }

  /** @param milliseconds that the round took */
  observe(observation: Observation, overlayRevision: number, milliseconds: number): void {
    this.#observation = observation;
    this.#overlayRevision = overlayRevision;
    this.#slowest = Math.max(this.#slowest, milliseconds);
  }

  text(): string {
    const lines = [
      ...typed(
        "hotspare_warden_leader",
        "gauge",
        "1 while the balancer beside it holds the virtual address.",
        [this.#one("hotspare_warden_leader", this.#observation?.leader ? 1 : 0)],
      ),
      ...typed("hotspare_warden_lease", "gauge", "1 while somebody changes the cluster.", [
        this.#one("hotspare_warden_lease", this.#observation?.lease ? 1 : 0),
      ]),
      ...typed("hotspare_warden_overlay_revision", "gauge", "Revision of the overlay in use.", [
        this.#one("hotspare_warden_overlay_revision", this.#overlayRevision),
      ]),
      ...typed(
        "hotspare_warden_round_seconds_max",
        "gauge",
        "Longest round since the last time that this was asked.",
        [this.#one("hotspare_warden_round_seconds_max", this.#slowest / 1000)],
      ),
      ...this.#members(),
      ...this.#retried("made", "Requests that the balancer asked of another node."),
      ...this.#retried("refused", "Failures that were passed on because there had been too many retries."),
      ...this.#counted(),
    ];
    this.#slowest = 0;
    return `${lines.join("\n")}\n`;
  }

  #one(name: string, value: number, labels = ""): string {
    return `${name}{${[this.#labels, labels].filter(Boolean).join(",")}} ${value}`;
  }

  #members(): string[] {
    const name = "hotspare_warden_members";
    const rows = Object.entries(this.#observation?.pools ?? {}).flatMap(([pool, members]) => {
      const numbers = {
        "in-rotation": members.filter(({ inRotation }) => inRotation).length,
        promoted: members.filter(({ role, desiredRole }) => role === "active" && desiredRole !== "active")
          .length,
        unhealthy: members.filter(({ role, healthy }) => role !== "cold" && healthy === false).length,
        wanted: members.filter(({ desiredRole }) => desiredRole === "active").length,
      };
      return Object.entries(numbers).map(([state, value]) =>
        this.#one(name, value, `pool="${pool}",state="${state}"`),
      );
    });
    return typed(name, "gauge", "Members of a pool by state.", rows);
  }

  #retried(kind: keyof RetriesSeen, help: string): string[] {
    const name = `hotspare_balancer_retries_${kind}_total`;
    const rows = Object.entries(this.#retries).map(([pool, seen]) =>
      this.#one(name, seen[kind], `pool="${pool}"`),
    );
    return typed(name, "counter", help, rows);
  }

  #counted(): string[] {
    const names = [
      ...new Set([...this.#counters.keys()].map((key) => key.slice(0, key.indexOf("{")))),
    ].sort();
    return names.flatMap((name) =>
      typed(
        name,
        "counter",
        "See docs/warden.md.",
        [...this.#counters]
          .filter(([key]) => key.startsWith(`${name}{`))
          .map(([key, value]) => `${key} ${value}`),
      ),
    );
  }

  /**
   * Answers GET /metrics and GET /healthz. A connection from elsewhere than `networks` is closed before anything of it is read: nodes have no business
   * here, and none of them has the capability to take another address.
   */
  serve(
    at: { readonly port: number; readonly host?: string },
    networks: readonly string[],
    isWell: () => boolean,
  ): Server {
    const server = createServer((request, response) => {
      if (request.url === "/metrics")
        response.setHeader("content-type", "text/plain; version=0.0.4").end(this.text());
      else if (request.url === "/healthz") response.writeHead(isWell() ? 200 : 503).end();
      else response.writeHead(404).end();
    });
    server.requestTimeout = 5000;
    server.maxConnections = 50;
    const allowed = new BlockList();
    for (const network of ["127.0.0.0/8", ...networks]) {
      const [address = "", prefix] = network.split("/");
      allowed.addSubnet(address, Number(prefix), "ipv4");
    }
    server.on("connection", (socket) => {
      if (!allowed.check(socket.remoteAddress ?? "", "ipv4")) socket.destroy();
    });
    return server.listen({ host: "0.0.0.0", ...at });
  }
}

function typed(name: string, type: string, help: string, rows: readonly string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...rows];
}
