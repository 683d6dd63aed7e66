import { readFileSync } from "node:fs";
import { begin } from "./begin.ts";
import { serverMetricsPort } from "./config.ts";
import { ServerDriver } from "./drivers/server.ts";

/* A warden on a server that its balancer stands on; systemd tells its folder. Its metrics are for what runs on the same server. */

const socketPath = process.env.HOTSPARE_SWITCH;
const passwordFile = `${process.env.RUNTIME_DIRECTORY ?? "/run/hotspare-warden"}/password`;

await begin({
  driver: () =>
    new ServerDriver(
      socketPath === undefined ? null : { socketPath, password: readFileSync(passwordFile, "utf8").trim() },
    ),
  state: `${process.env.STATE_DIRECTORY ?? "/var/lib/hotspare-warden"}/state.json`,
  metrics: { port: serverMetricsPort, host: "127.0.0.1" },
});
