import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { LimitProcesses } from "./processes.ts";

/**
 * What the runtime answers about a container whose process has just ended and that the engine still takes for running. A moment
 * later the engine knows, and keeps the bound for the container's next start.
 */
const betweenStarts = /stopped container|not running/;

/** How often it is asked, and with which pause: a container that ends at once is started again within 100 ms, later ever more rarely. */
const attempts = 50;
const pause = 100;

/** Sets the bound by the engine's API, also of a container that ends and is started over and over. */
export function limitBy(engine: Pick<Docker, "getContainer">): LimitProcesses {
  return async (id, most) => {
    for (let attempt = 1; ; attempt++) {
      try {
        await engine.getContainer(id).update({ PidsLimit: most });
        return;
      } catch (error) {
        if (attempt === attempts || !betweenStarts.test((error as Error).message)) throw error;
        await sleep(pause);
      }
    }
  };
}
