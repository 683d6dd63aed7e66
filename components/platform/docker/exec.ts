import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest that a command may take unless its caller says otherwise; above all that `hotspare-apply` waits for. */
const usualPatience = 180_000;

/**
 * Runs a command in a container and collects what it writes.
 *
 * @param patience milliseconds that it may take: the end of a command in a container that dies in this moment may never be told
 * @throws Error when it took longer.
 */
export async function execIn(
  docker: Docker,
  containerId: string,
  command: readonly string[],
  patience = usualPatience,
): Promise<ExecResult> {
  const over = new AbortController();
  const late = sleep(patience, undefined, { signal: over.signal }).then(() => {
    throw new Error(`${command[0]} in ${containerId.slice(0, 12)} has not ended within ${patience / 1000} s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([run(docker, containerId, command, over.signal), late]);
  } finally {
    // Also ends a connection on which nothing will come any more.
    over.abort();
  }
}

async function run(
  docker: Docker,
  containerId: string,
  command: readonly string[],
  over: AbortSignal,
): Promise<ExecResult> {
  const exec = await docker
    .getContainer(containerId)
    .exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  over.addEventListener("abort", () => stream.destroy(), { once: true });
  const [stdout, stderr] = [new Sink(), new Sink()];
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
