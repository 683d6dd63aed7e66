import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { folders } from "../../infra/folders.mjs";
import { withSignals } from "../engine/interrupt.ts";
import { exitCodes, UserError } from "../exit.ts";
import { alive } from "../toolchain/lock.mjs";

/** A scratch folder of a process that is gone is removed after this time, in milliseconds; no review takes nearly as long. */
const staleAfter = 3_600_000;

export interface Scratch {
  /** Empty, and removed when the work has ended, however it ends. */
  readonly folder: string;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * Gives `work` a folder of its own in the person's cache.
 *
 * @throws UserError when it was interrupted
 */
export async function withScratch<T>(work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const parent = join(folders().cache, "review");
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  removeStale(parent);
  const folder = await mkdtemp(join(parent, `${process.pid}-`));
  const controller = new AbortController();
  try {
    return await withSignals(
      () => controller.abort(),
      () => work({ folder, signal: controller.signal }),
    );
  } catch (error) {
    if (controller.signal.aborted) throw new UserError("interrupted", exitCodes.interrupted);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What killed runs have left. Old ones only: a process of another container that shares the cache can't be seen. */
function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name);
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (!alive(Number.parseInt(name, 10)) && Date.now() - made > staleAfter)
      rmSync(folder, { recursive: true, force: true });
  }
}
