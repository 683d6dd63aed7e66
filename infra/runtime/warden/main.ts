import { begin } from "./begin.ts";
import { metricsPort, paths } from "./config.ts";
import { DockerDriver } from "./drivers/docker.ts";

/* A warden in a container. */

await begin({
  driver: ({ timers }) => new DockerDriver(paths.filter, timers.restart.unhealthyAfter),
  state: paths.state,
  metrics: { port: metricsPort },
});
