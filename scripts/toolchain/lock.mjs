// A lock between processes: a file that holds the owner's process id. Plain JavaScript, the launcher uses it as well.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 250;

/** The locks of this very process: its own id in a file that it does not know of is left from a former life. */
const held = new Set();

/**
 * Whether a process runs. One that has ended but whose parent hasn't noticed yet still takes signals, so it is told apart
 * where /proc exists.
 *
 * @param {number} pid
 */
export function alive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM"; // somebody else's process
  }
}

/** @param {number} pid */
function isZombie(pid) {
  try {
    return /^\d+ \(.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** @param {string} path @returns {number | undefined} the owner's process id; undefined when the lock is free */
function owner(path) {
  try {
    return Number.parseInt(readFileSync(path, "utf8"), 10);
  } catch {
    return undefined;
  }
}

/** Linked into place with its content: a lock file without a process id would look stale to others. @param {string} path */
function take(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    held.add(path);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Whether the owner has died without freeing its lock. @param {string} path @param {number} pid */
function isStale(path, pid) {
  return !(pid > 0) || (pid === process.pid ? !held.has(path) : !alive(pid));
}

/** Moved aside first: when another process took it over in between, it is put back. @param {string} path @param {number} pid */
function clear(path, pid) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (!Object.is(owner(aside), pid)) linkSync(aside, path);
  } catch {
    // Gone or taken meanwhile: the caller looks again.
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Runs `work` while no other process holds the lock at `path`. The lock of a process that has died is taken over.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T> | T} work
 * @param {(pid: number) => void} [onWait] called once, with the owner's process id, when the lock is not free
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !take(path); ) {
    const pid = owner(path);
    if (pid !== undefined && isStale(path, pid)) {
      clear(path, pid);
      continue;
    }
    if (pid !== undefined && !told) {
      told = true;
      onWait?.(pid);
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    held.delete(path);
    rmSync(path, { force: true });
  }
}
