import { spawn } from "node:child_process";
import { join } from "node:path";
import { moduleEnding } from "../../infra/project-root.ts";

/** Has a reaper run. Of two the second ends at once. It belongs to nobody: neither a terminal's end nor its parent's is its own. */
export function startReaper(): void {
  const reaper = spawn(process.execPath, [join(import.meta.dirname, `reaper${moduleEnding}`)], {
    cwd: "/",
    detached: true,
    stdio: "ignore",
  });
  reaper.unref();
}
