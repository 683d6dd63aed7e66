import { begin } from "./begin.ts";
import { serverMetricsPort } from "./config.ts";
import { ServerDriver } from "./drivers/server.ts";

/* A warden on a server that its balancer stands on; systemd tells its folder. Its metrics are for what runs on the same server. */

await begin({
  driver: () => new ServerDriver(process.env.HOTSPARE_SWITCH ?? null),
  state: `${process.env.STATE_DIRECTORY ?? "/var/lib/hotspare-warden"}/state.json`,
  metrics: { port: serverMetricsPort, host: "127.0.0.1" },
});
