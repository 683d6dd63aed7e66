import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { quoted, runOn, type SshTarget } from "../../../components/platform/metal/ssh.ts";
import type { CommandResult } from "../../../components/platform/planned/transport.ts";
import { type ArchiveFile, tarGz } from "../../archive.ts";

/*
 * The kit's program on a server, `infra/runtime/host/hotspare-host`. It is sent with every call, so that a server needs nothing of the
 * kit's and never has an old one.
 */

const program = readFileSync(join(import.meta.dirname, "../../runtime/host/hotspare-host"));

export interface HostCall {
  readonly target: SshTarget;
  /** The server that is meant; another one is left alone. Null: whichever is there. */
  readonly serial: string | null;
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Milliseconds that a look may take: who previews would rather go on with what is recorded, and who changes something waits for it. */
export const lookTimeout = Number(process.env.HOTSPARE_LOOK ?? 2_000);
/** How long a change may take, packages from a slow mirror among it. */
export const changeTimeout = 15 * 60_000;

/** Runs it and gives what it prints. @throws Error with its words */
export async function callHost(call: HostCall, args: readonly string[]): Promise<string> {
  // The program is the shell's first argument, so that it reads nothing of itself.
  const command = `bash -c "$(cat)" hotspare-host ${words(call, args)}`;
  return said(call.target, await runOn(call.target, command, { ...options(call), stdin: program }));
}

/** The same with files beside it. @throws Error with its words */
export async function sendToHost(
  call: HostCall,
  args: readonly string[],
  files: readonly ArchiveFile[],
): Promise<string> {
  const archive = tarGz([...files, { name: "hotspare-host", mode: 0o755, content: program }]);
  // Not below /tmp: a server may allow no programs there, and it is read by the shell anyway.
  const command = `folder=$(mktemp -d /var/tmp/hotspare.XXXXXX) && tar --extract --gzip --no-same-owner --directory="$folder" && bash "$folder/hotspare-host" ${words(call, args)}; status=$?; rm -rf "$folder"; exit $status`;
  return said(call.target, await runOn(call.target, command, { ...options(call), stdin: archive }));
}

/** Runs it with something to read that may be large. @throws Error with its words */
export async function streamToHost(
  call: HostCall,
  args: readonly string[],
  stdin: Readable,
): Promise<string> {
  const command = `bash -c ${quoted(program.toString("utf8"))} hotspare-host ${words(call, args)}`;
  return said(call.target, await runOn(call.target, command, { ...options(call), stdin }));
}

const options = ({ timeout, signal }: HostCall) => ({ timeout, signal });

const words = ({ serial }: HostCall, args: readonly string[]) =>
  [...(serial === null ? [] : ["--serial", serial]), ...args].map(quoted).join(" ");

function said({ name }: SshTarget, { exitCode, stdout, stderr }: CommandResult): string {
  if (exitCode === 0) return stdout;
  const text = (stderr || stdout).trim();
  const meaning = meanings.find(([pattern]) => pattern.test(text))?.[1];
  throw new Error(`${name}: ${meaning ?? (text || `ended with ${exitCode}`)}`);
}

/** Words of programs there that mean one thing to whoever owns the server. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, "its disk is full, so nothing was sent; make room in /var"],
  [
    /Read-only file system/,
    "its disk can't be written any more, as a kernel makes it after an error; `dmesg` there says which",
  ],
];

/** What a server tells of itself, by name. @param question `facts`, or `examine` with what it asks for */
export async function factsOf(
  call: HostCall,
  question: readonly string[] = ["facts"],
): Promise<Readonly<Record<string, string>>> {
  const text = await callHost(call, question);
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const space = line.indexOf(" ");
        return space < 0 ? [line, ""] : [line.slice(0, space), line.slice(space + 1)];
      }),
  );
}
