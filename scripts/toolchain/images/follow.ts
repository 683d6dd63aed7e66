import type Docker from "dockerode";

/** An event of the engine's stream about a build, a pull or an import. */
export interface ImageEvent {
  stream?: string;
  status?: string;
  error?: string;
}

/**
 * Waits for the end of the engine's work on an image. What fails there is an event among others in an answer that ends well, and
 * dockerode's own follower takes no notice of it.
 *
 * @throws with the engine's words
 */
export async function follow(
  docker: Docker,
  events: NodeJS.ReadableStream,
  heard: (event: ImageEvent) => void = () => {},
): Promise<void> {
  let failed: string | undefined;
  await new Promise<void>((resolve, reject) => {
    const done = (error: Error | null) => (error ? reject(error) : resolve());
    docker.modem.followProgress(events, done, (event: ImageEvent) => {
      heard(event);
      failed ??= event.error;
    });
  });
  if (failed !== undefined) throw new Error(failed);
}
