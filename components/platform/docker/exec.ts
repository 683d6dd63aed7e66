import type Docker from "dockerode";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in a container and collects what it writes. */
export async function execIn(
  docker: Docker,
  containerId: string,
  command: readonly string[],
): Promise<ExecResult> {
  const exec = await docker
    .getContainer(containerId)
    .exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
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
