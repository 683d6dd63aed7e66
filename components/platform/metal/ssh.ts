import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { execa } from "execa";
import type { SshPlan } from "../../plan/platforms/metal/types.ts";
import type { CommandResult } from "../planned/transport.ts";
import { type Held, hold } from "./held.ts";

/*
 * Commands on servers by the system's own ssh, so that people's agents, hardware keys and jump hosts work; with the one host key
 * that the stack names, whatever known_hosts say. One connection a server is kept for the next command.
 */

/** A server as SSH reaches it. */
export interface SshTarget extends SshPlan {
  /** What people call it. */
  readonly name: string;
}

export interface SshOptions {
  /** What the command reads. */
  readonly stdin?: string | Buffer | Readable;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** SSH itself failed: the server wasn't reached, or wasn't the one that was meant. */
export class SshError extends Error {}

/** ssh's own exit code: no command's. */
const sshFailed = 255;

/**
 * Runs a shell's command on a server as root: as it is for root, by sudo for others.
 *
 * @throws SshError with one sentence when the server can't be reached, isn't the one meant, or doesn't let the account be root
 */
export async function runOn(target: SshTarget, command: string, options: SshOptions): Promise<CommandResult> {
  const root = asRoot(command);
  const { stdin = "", timeout, signal } = options;
  const result = await execa("ssh", [...sshArguments(target, timeout), "--", target.host, root], {
    input: stdin,
    timeout,
    reject: false,
    maxBuffer: 50_000_000,
    stripFinalNewline: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (result.isCanceled) throw new SshError(`${target.name}: given up`);
  if (result.timedOut) throw new SshError(`${target.name} has not answered within ${timeout / 1000} s`);
  const { stdout, stderr, exitCode } = result;
  if (exitCode === undefined)
    throw new SshError(`${target.name}: ssh can't be run (${result.shortMessage}); install OpenSSH's client`);
  if (exitCode === sshFailed) throw new SshError(sentence(target, stderr));
  if (/^sudo: /m.test(stderr) && exitCode === 1)
    throw new SshError(
      `${target.name}: ${target.user} may not use sudo without a password; allow it (\`${target.user} ALL=(ALL) NOPASSWD: ALL\`), or log in as root`,
    );
  return { exitCode, stdout, stderr };
}

/**
 * Runs a command that goes on and on, and hands over what it prints line by line, until it ends or the connection does.
 *
 * @throws SshError as {@link runOn} does
 */
export async function followOn(
  target: SshTarget,
  command: string,
  onLine: (line: string) => void,
): Promise<void> {
  const running = execa("ssh", [...sshArguments(target, 10_000), "--", target.host, asRoot(command)], {
    stdin: "ignore",
    reject: false,
    buffer: { stdout: false },
  });
  for await (const line of running) onLine(String(line));
  const { exitCode, stderr } = await running;
  if (exitCode === sshFailed) throw new SshError(sentence(target, stderr));
}

/** Starts a program on a server and reads its output line by line; it ends with its input, and so with this process. */
export function holdOn(target: SshTarget, command: string, onLine: (line: string) => void): Held {
  return hold("ssh", [...sshArguments(target, 10_000), "--", target.host, asRoot(command)], onLine);
}

const asRoot = (command: string) =>
  `if [ "$(id -u)" = 0 ]; then exec sh -c ${quoted(command)}; else exec sudo -n sh -c ${quoted(command)}; fi`;

function sshArguments(target: SshTarget, timeout: number): string[] {
  const options = {
    BatchMode: "yes",
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: knownHosts(target),
    GlobalKnownHostsFile: "/dev/null",
    HostKeyAlias: alias(target),
    // Else ssh would ask for another kind of key than the one that is known.
    HostKeyAlgorithms: algorithms(target),
    UpdateHostKeys: "no",
    ConnectTimeout: String(Math.max(1, Math.ceil(Math.min(timeout, 10_000) / 1000))),
    ServerAliveInterval: "5",
    ServerAliveCountMax: "6",
    ControlMaster: "auto",
    ControlPath: `${folder()}/%C`,
    ControlPersist: "30",
    LogLevel: "ERROR",
  };
  return [
    "-T",
    "-p",
    String(target.port),
    "-l",
    target.user,
    ...(target.jump === null ? [] : ["-J", target.jump]),
    ...(target.identity === null ? [] : ["-i", untilde(target.identity), "-o", "IdentitiesOnly=yes"]),
    ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
  ];
}

function algorithms({ hostKey }: SshTarget): string {
  const [kind = ""] = hostKey.split(" ");
  return kind === "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : kind;
}

/** A name for what is known of the server: another key, another name. */
const alias = ({ hostKey }: SshTarget) =>
  `hotspare-${createHash("sha256").update(hostKey).digest("hex").slice(0, 16)}`;

function knownHosts(target: SshTarget): string {
  const file = join(folder(), `${alias(target)}.known`);
  writeFileSync(file, `${alias(target)} ${target.hostKey}\n`, { mode: 0o600 });
  return file;
}

/** Short, since a socket's path has 104 bytes at most; closed to others, since whoever reaches the socket is logged in. */
function folder(): string {
  const path = join(tmpdir(), `hotspare-ssh-${userInfo().uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(path);
  if (uid !== userInfo().uid && process.platform !== "win32")
    throw new SshError(`${path} belongs to somebody else; remove it`);
  chmodSync(path, 0o700);
  return path;
}

const untilde = (path: string) => (path.startsWith("~/") ? join(homedir(), path.slice(2)) : path);

/** A word for a shell, whatever it holds. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** ssh's words, by what they mean to whoever wrote the stack. */
const meanings: readonly (readonly [RegExp, (target: SshTarget) => string])[] = [
  [
    /host key verification failed|no matching host key|host identification has changed/i,
    ({ name, host }) =>
      `${name}: ${host} shows another host key than ssh.hostKey says, so nothing was sent; compare it with the server's own /etc/ssh/ssh_host_*_key.pub`,
  ],
  [
    /permission denied/i,
    ({ name, host, user }) =>
      `${name}: ${host} doesn't let ${user} in; put your public key into its authorized_keys, or name the key in ssh.identity`,
  ],
  [/could not resolve hostname/i, ({ name, host }) => `${name}: there is no host ${host}; correct ssh.host`],
  [
    /connection refused/i,
    ({ name, host, port }) =>
      `${name}: nothing answers SSH at ${host}:${port}; start sshd there, or correct ssh.port`,
  ],
  [
    /timed out|no route to host|network is unreachable/i,
    ({ name, host, port }) =>
      `${name}: ${host}:${port} can't be reached; is it switched on, and is there a route to it?`,
  ],
];

function sentence(target: SshTarget, stderr: string): string {
  const meaning = meanings.find(([pattern]) => pattern.test(stderr));
  return (
    meaning?.[1](target) ??
    `${target.name}: the connection to ${target.host} broke (${stderr.trim() || "without a word"})`
  );
}
