import type { Duplex } from "node:stream";
import type Docker from "dockerode";

/**
 * Starts a command that is written to, on a connection that is taken over from HTTP. Where the engine refuses, as it does in a machine that
 * has just died, the client would leave that connection open for more input, and no program ends before its connections do.
 *
 * @throws Error in the engine's words when it refuses
 */
export async function startExec(
  exec: Docker.Exec,
  options: { readonly Tty?: boolean } = {},
): Promise<Duplex> {
  const refused = new AbortController();
  try {
    return await exec.start({ ...options, hijack: true, stdin: true, abortSignal: refused.signal });
  } catch (error) {
    refused.abort();
    throw error;
  }
}
