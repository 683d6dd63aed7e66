import { PassThrough, type Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { homeFolder } from "../../folders.mjs";
import { callHost, type HostCall, streamToHost } from "./host.ts";

/* Images that are built here and sent to servers, so that no registry is needed. Their names hold a hash of all that goes into them. */

/** Sends an image to a server whose engine hasn't got it. @throws Error where this machine's engine hasn't got it either */
export async function sendImage(call: HostCall, reference: string): Promise<void> {
  const there = await callHost(call, ["has-image", reference]);
  if (there.trim() === "there") return;
  const saved = await savedImage(reference).catch((error: Error) => {
    throw new Error(
      `${call.target.name}: its image ${reference} can't be read from this machine's Docker Engine (${error.message.trim()}); \`./hotspare up\` builds it`,
    );
  });
  await streamToHost(call, ["receive-image", reference], saved);
}

/** As `docker save` prints it, compressed quickly: most of a way's time is the network's. */
async function savedImage(reference: string): Promise<Readable> {
  // Few stacks send images, and every start of the provider would load it.
  const { dockerClient, resolveDockerHost } = await import("../../../components/platform/docker/endpoint.ts");
  const docker = dockerClient(resolveDockerHost(process.env, homeFolder()));
  await docker.getImage(reference).inspect();
  const archive = await docker.getImage(reference).get();
  const packed = new PassThrough();
  const gzip = createGzip({ level: 1 });
  for (const stream of [archive, gzip]) stream.on("error", (error: Error) => packed.destroy(error));
  archive.pipe(gzip).pipe(packed);
  return packed;
}
