import { begin } from "./begin.ts";
import { metricsPort, paths } from "./config.ts";
import { DockerDriver } from "./drivers/docker.ts";
import { SocketHttp } from "./socket-http.ts";
import { Workers } from "./workers.ts";

/* A warden in a container. */

await begin({
  driver: ({ timers }) => new DockerDriver(paths.filter, timers.restart.unhealthyAfter),
  workers: (parts) => new Workers({ ...parts, http: new SocketHttp(paths.filter) }),
  state: paths.state,
  metrics: { port: metricsPort },
});
