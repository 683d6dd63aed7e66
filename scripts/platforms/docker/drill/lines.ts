import type Docker from "dockerode";
import { LineSink } from "../../../../components/platform/docker/line-sink.ts";
import { startExec } from "../../../../components/platform/docker/start-exec.ts";
import type { Running } from "../../../drill/platform.ts";

/** Milliseconds that a program has to end after its input. Above the patience of the generator's clients. */
const grace = 8000;

/**
 * Starts a program in a container and reads its output line by line. Its input is a connection to us: when we go, however we
 * go, the program sees its input end and ends too.
 */
export async function runLines(
  docker: Docker,
  containerId: string,
  command: readonly string[],
  onLine: (line: string) => void,
): Promise<Running> {
  const exec = await docker.getContainer(containerId).exec({
    Cmd: [...command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await startExec(exec);
  const [stdout, stderr] = [new LineSink(onLine), new TextSink()];
  docker.modem.demuxStream(stream, stdout as never, stderr as never);
  const ended = new Promise<void>((resolve) => {
    stream
      .once("end", resolve)
      .once("close", resolve)
      .once("error", () => resolve());
  });
  const stop = () => {
    stream.end();
    // A program in a container that was killed or frozen in this moment may never answer.
    setTimeout(() => stream.destroy(), grace).unref();
  };
  return { stop, ended, complaints: () => stderr.text };
}

/**
 * The pieces of a log that came at once, without Docker's frames around them (8 bytes: stream, length). docker-modem does this by
 * recursion and fails on some ten thousand lines.
 */
export function* pieces(log: Buffer): Generator<Buffer> {
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    yield log.subarray(at + 8, end);
    at = end;
  }
}

class TextSink {
  text = "";

  write(chunk: Buffer): boolean {
    this.text = (this.text + chunk.toString("utf8")).slice(-4000);
    return true;
  }
}
