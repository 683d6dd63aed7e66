import { PassThrough, type Readable } from "node:stream";
import type Docker from "dockerode";
import { LineSink } from "./line-sink.ts";

export type OnLine = (stream: "stdout" | "stderr", text: string) => void;

/** Reads a container's log line by line; with `follow` until the container ends, the signal is given, or for ever. */
export async function readLog(
  docker: Docker,
  id: string,
  {
    tail,
    follow,
    signal,
  }: { readonly tail: number; readonly follow: boolean; readonly signal?: AbortSignal },
  onLine: OnLine,
): Promise<void> {
  const stdout = new LineSink((line) => onLine("stdout", line));
  const stderr = new LineSink((line) => onLine("stderr", line));
  const stream = await openLog(docker, id, tail, follow);
  signal?.addEventListener("abort", () => (stream as Readable).destroy(), { once: true });
  docker.modem.demuxStream(stream, stdout as never, stderr as never);
  await new Promise((resolve, reject) =>
    stream.once("end", resolve).once("close", resolve).once("error", reject),
  );
  stdout.flush();
  stderr.flush();
}

/** Without `follow` Docker sends the whole log at once, in the same framing. */
async function openLog(
  docker: Docker,
  id: string,
  tail: number,
  follow: boolean,
): Promise<NodeJS.ReadableStream> {
  const container = docker.getContainer(id);
  if (follow) return container.logs({ stdout: true, stderr: true, tail, follow: true });
  const stream = new PassThrough();
  stream.end(await container.logs({ stdout: true, stderr: true, tail, follow: false }));
  return stream;
}
