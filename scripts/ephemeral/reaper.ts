import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../toolchain/lock.mjs";
import { lockOf, names, reaperLog } from "./store.ts";
import { sweepDue } from "./sweep.ts";

/*
 * Removes clusters whose time is over, or whose test or command has died: a process of its own, one for all clusters of a person, since
 * whoever dies can't clean up. Ends when there is no cluster left. When it is killed itself, the next command starts another.
 */

const every = 500;
/** Milliseconds without a cluster until it ends: a series of tests makes one after the other. */
const lingers = 5000;

function log(line: string): void {
  try {
    appendFileSync(reaperLog(), `${new Date().toISOString()} ${line}\n`);
  } catch {
    // A disk that is full must not keep clusters, which may be what fills it.
  }
}

await withLock(
  lockOf("reaper"),
  async () => {
    for (let idle = 0; idle < lingers; idle = names().length === 0 ? idle + every : 0) {
      const failures = await sweepDue(({ name, processes, things }, why) =>
        log(`${name}: removed, since ${why}; ${processes} processes, ${things} things`),
      );
      for (const failure of failures) log(`not removed: ${(failure as Error).message}`);
      // An engine that doesn't answer is asked again, and not twice a second.
      await sleep(failures.length === 0 ? every : 10 * every);
    }
  },
  // Another one is at work.
  () => process.exit(0),
);
