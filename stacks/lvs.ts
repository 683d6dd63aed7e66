import { defineStack } from "../components/model/define.ts";

/** TCP and UDP by Linux Virtual Server on one Docker Engine: two directors, three nodes with a hot and a cold standby, and a game beside. */
export default defineStack({
  name: "lvs",
  environment: "development",
  platform: { kind: "docker" },
  balancer: {
    kind: "lvs",
    services: [
      { port: 5432, protocol: "tcp", pool: "db" },
      { port: 30_000, protocol: "udp", pool: "game", persistence: "5 min" },
    ],
  },
  pools: {
    db: { port: 5432, active: 3, standby: { hot: 1, cold: 1 }, weights: { "db-1": 2 } },
    game: { port: 30_000, active: 2, health: { protocol: "udp" } },
  },
});
