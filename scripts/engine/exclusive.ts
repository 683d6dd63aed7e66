import { withLock } from "../toolchain/lock.mjs";
import type { Progress } from "../toolchain/progress.ts";
import { endOrphans } from "./orphans.ts";
import { stateFile } from "./state-file.ts";

/**
 * Runs `work` while no other command of this person changes the same stack. The engine has a lock of its own, but it is
 * taken too late for us: what looks like the leftovers of a killed run may be what another run is just making. Plugins that a killed
 * run has left are ended first.
 */
export async function exclusively<T>(stack: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  const alone = () => {
    endOrphans(progress);
    return work();
  };
  return withLock(stateFile("locks", stack, "lock"), alone, (pid) =>
    progress.note(`Another command (process ${pid}) is at work on "${stack}"; waiting for its end.`),
  );
}
