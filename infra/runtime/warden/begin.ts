import { BalancerClient } from "./balancer-client.ts";
import { paths, pollInterval, readConfig, type WardenConfig } from "./config.ts";
import type { Driver } from "./drivers/driver.ts";
import { Log } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { Store } from "./store.ts";
import { run, Warden } from "./warden.ts";
import { type Workers, type WorkersParts, watchWorkers } from "./workers.ts";

/** What differs between the platforms that a warden runs on. */
export interface Surroundings {
  readonly driver: (config: WardenConfig) => Driver;
  /** What looks after programs without clients; left out where there can be none. */
  readonly workers?: (parts: Omit<WorkersParts, "http">) => Workers;
  /** File of its state. */
  readonly state: string;
  /** Where its metrics are served; at all addresses of a machine that it has for itself. */
  readonly metrics: { readonly port: number; readonly host?: string };
}

/** The warden's process, until it is told to stop. It watches the balancer beside it, keeps that balancer's overlay, and switches machines while that balancer holds the virtual address. */
export async function begin({ driver, workers, state, metrics: place }: Surroundings): Promise<void> {
  const config = configOrExit();
  const log = new Log({ warden: config.warden });
  const metrics = new Metrics(config.cluster, config.warden);
  const warden = new Warden(
    {
      config,
      balancer: new BalancerClient(paths.control),
      driver: driver(config),
      store: new Store(state),
      log,
      metrics,
    },
    performance.now(),
  );
  let over = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => (over = true));
  metrics
    .serve(place, config.answers, () => warden.isWell(performance.now()))
    .on("error", (error) => log.say("trouble", `metrics can't be served: ${error.message}`));
  log.say("begin", `it watches ${config.balancer}`, { timers: config.timers });
  const { timers } = config;
  if (workers !== undefined && Object.keys(config.workers).length > 0)
    void watchWorkers(
      workers({ config: config.workers, timers, log, metrics }),
      () => warden.stands(performance.now()),
      () => over,
    );
  await run(warden, pollInterval, () => over);
  // What is being done to a machine is the engine's by now; nothing has to be waited for.
  log.say("end", "it was asked to stop");
  process.exit(0);
}

function configOrExit(): WardenConfig {
  try {
    return readConfig(process.env, paths.config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}
