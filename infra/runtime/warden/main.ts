import { BalancerClient } from "./balancer-client.ts";
import { metricsPort, paths, pollInterval, readConfig } from "./config.ts";
import { DockerDriver } from "./drivers/docker.ts";
import { Log } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { Store } from "./store.ts";
import { run, Warden } from "./warden.ts";

/*
 * The warden's process. It watches the balancer beside it, keeps that balancer's overlay, and switches machines while
 * that balancer holds the virtual address.
 */

function configOrExit() {
  try {
    return readConfig(paths.config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}

const config = configOrExit();
const log = new Log({ warden: config.warden });
const metrics = new Metrics(config.cluster, config.warden);
const warden = new Warden(
  {
    config,
    balancer: new BalancerClient(paths.control),
    driver: new DockerDriver(paths.filter, config.timers.restart.unhealthyAfter),
    store: new Store(paths.state),
    log,
    metrics,
  },
  performance.now(),
);

let over = false;
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => (over = true));
metrics
  .serve(metricsPort, () => warden.isWell(performance.now()))
  .on("error", (error) => log.say("trouble", `metrics can't be served: ${error.message}`));
log.say("begin", `it watches ${config.balancer}`, { timers: config.timers });
await run(warden, pollInterval, () => over);
// What is being done to a machine is the engine's by now; nothing has to be waited for.
log.say("end", "it was told to stop");
process.exit(0);
