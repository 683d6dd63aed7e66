import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { which } from "../which.ts";

const LOG = "/var/log/dockerd.log";
const PID_FILE = "/var/run/docker.pid";
const START_MS = 30_000;
const POLL_MS = 200;

/**
 * Starts the installed Docker Engine: as a service where systemd runs the machine, else as a process of its own that
 * outlives this one.
 *
 * @param ask gives the engine's version once it answers
 * @returns that version
 * @throws after 30 s without an answer, with the last lines of its log
 */
export async function startDocker(ask: () => Promise<string | undefined>): Promise<string> {
  const bySystemd = existsSync("/run/systemd/system") && which("systemctl") !== undefined;
  const ended = bySystemd ? startService() : startProcess();
  let failure: string | undefined;
  ended.then((why) => {
    failure = why;
  });
  for (const end = Date.now() + START_MS; Date.now() < end && failure === undefined; await sleep(POLL_MS)) {
    const version = await ask();
    if (version !== undefined) return version;
  }
  const log = bySystemd ? "journalctl -u docker" : LOG;
  const why = failure ?? `does not answer after ${START_MS / 1000} s`;
  throw new Error(`The Docker Engine ${why}. See ${log}; its last lines:\n${await lastLines(bySystemd)}`);
}

/** Resolves with what went wrong, and never when nothing did. */
async function startService(): Promise<string> {
  const result = await execa("systemctl", ["start", "docker"], { reject: false });
  return result.failed ? "could not be started by systemd" : new Promise(() => {});
}

function startProcess(): Promise<string> {
  removeStalePidFile();
  const log = openSync(LOG, "a");
  // Detached: a session of its own, so that neither our end nor Ctrl-C reaches it.
  const engine = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log], cwd: "/" });
  engine.unref();
  return new Promise((resolve) => {
    engine.once("error", (error) => resolve(`could not be started (${error.message})`));
    engine.once("exit", (code) => resolve(`ended at once with exit code ${code}`));
  });
}

/** dockerd refuses to start over the file of a dead engine whose process id another process has got since. */
function removeStalePidFile(): void {
  if (!existsSync(PID_FILE)) return;
  const command = `/proc/${readFileSync(PID_FILE, "utf8").trim()}/comm`;
  if (!existsSync(command) || readFileSync(command, "utf8").trim() !== "dockerd")
    rmSync(PID_FILE, { force: true });
}

async function lastLines(bySystemd: boolean): Promise<string> {
  if (!bySystemd) return readFileSync(LOG, "utf8").trim().split("\n").slice(-8).join("\n");
  return (
    await execa("journalctl", ["-u", "docker", "-n", "8", "--no-pager", "-o", "cat"], { reject: false })
  ).stdout;
}
