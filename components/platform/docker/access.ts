import type Docker from "dockerode";
import type { MachinePlatform } from "../contract.ts";
import { deliverBy } from "../planned/deliver-by.ts";
import { fillBy } from "./files.ts";
import { type DockerTransforms, dockerPlatform } from "./index.ts";
import { limitBy } from "./limit.ts";
import { runTaskBy } from "./run-task.ts";
import { stopOthersBy } from "./singleton.ts";
import { dockerTransport } from "./transport.ts";

/** What Docker's adapter needs from outside the program. */
export interface DockerAccess {
  /** A client of the engine; from `dockerClient(resolveDockerHost(…))`. */
  readonly engine: Docker;
  /** Path of the engine's socket on the engine's own host, for the filter; from `engineSocket(resolveDockerHost(…))`. Left out: the usual one. */
  readonly engineSocket?: string;
  readonly transform?: DockerTransforms;
}

/** The adapter with deliveries by the engine's API. */
export function dockerBy({ engine, ...args }: DockerAccess): MachinePlatform {
  return dockerPlatform({
    ...args,
    deliverFiles: deliverBy(dockerTransport(engine)),
    fillVolume: fillBy(engine),
    makeVolume: async (name, labels) => {
      await engine.createVolume({ Name: name, Labels: labels });
    },
    limitProcesses: limitBy(engine),
    stopOthers: stopOthersBy(engine),
    runTask: runTaskBy(engine),
  });
}
