import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { CommandOptions, CommandResult } from "../planned/transport.ts";
import { startExec } from "./start-exec.ts";

/** Longest that a command may take unless its caller says otherwise; above all that `hotspare-apply` waits for. */
const usualTimeout = 180_000;

/**
 * Runs a command in a container and collects what it writes.
 *
 * @throws Error when it took longer than its time: the end of a command in a container that dies in this moment may never be told
 */
export async function execIn(
  docker: Docker,
  containerId: string,
  command: readonly string[],
  { timeout = usualTimeout, stdin }: CommandOptions = {},
): Promise<CommandResult> {
  const over = new AbortController();
  const late = sleep(timeout, undefined, { signal: over.signal }).then(() => {
    throw new Error(`${command[0]} in ${containerId.slice(0, 12)} has not ended within ${timeout / 1000} s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([run(docker, containerId, { command, stdin, over: over.signal }), late]);
  } finally {
    // Also ends a connection on which nothing will come any more.
    over.abort();
  }
}

interface Run {
  readonly command: readonly string[];
  readonly stdin: string | undefined;
  readonly over: AbortSignal;
}

async function run(
  docker: Docker,
  containerId: string,
  { command, stdin, over }: Run,
): Promise<CommandResult> {
  const exec = await docker
    .getContainer(containerId)
    .exec({ Cmd: [...command], AttachStdin: stdin !== undefined, AttachStdout: true, AttachStderr: true });
  // To be written to, the connection has to be taken over from HTTP.
  const stream = await (stdin === undefined ? exec.start({}) : startExec(exec));
  over.addEventListener("abort", () => stream.destroy(), { once: true });
  const [stdout, stderr] = [new Sink(), new Sink()];
  if (stdin !== undefined) stream.end(stdin);
  docker.modem.demuxStream(stream, stdout as never, stderr as never);
  await new Promise((resolve, reject) => stream.once("end", resolve).once("error", reject));
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, stdout: stdout.text(), stderr: stderr.text() };
}

class Sink {
  readonly #chunks: Buffer[] = [];

  write(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    return true;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}
