import { createHash } from "node:crypto";
import { join } from "node:path";
import { folders } from "../../infra/folders.mjs";
import { backendUrl } from "../../infra/owner.ts";
import { withLock } from "../toolchain/lock.mjs";
import type { Progress } from "../toolchain/progress.ts";

/**
 * Runs `work` while no other command of this person changes the same stack. The engine has a lock of its own, but it is
 * taken too late for us: what looks like the leftovers of a killed run may be what another run is just making.
 */
export async function exclusively<T>(stack: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  const id = createHash("sha256").update(backendUrl()).digest("hex").slice(0, 8);
  const path = join(folders().state, "locks", `${stack}-${id}.lock`);
  return withLock(path, work, (pid) =>
    progress.note(`Another command (process ${pid}) is at work on "${stack}"; waiting for its end.`),
  );
}
