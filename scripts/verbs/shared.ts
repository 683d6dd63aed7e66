import { homedir } from "node:os";
import type Docker from "dockerode";
import { dockerClient, resolveDockerHost } from "../../components/platform/docker/endpoint.ts";
import { exitCodes, UserError } from "../exit.ts";

/** Prints a document for machines: one JSON value on stdout, nothing else. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Prints a line for people. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/**
 * The running Docker Engine, for verbs that only look and so start nothing.
 *
 * @throws UserError when none answers.
 */
export async function runningDocker(): Promise<Docker> {
  const docker = dockerClient(resolveDockerHost(process.env, homedir()));
  try {
    await docker.ping();
    return docker;
  } catch (error) {
    throw new UserError(
      `no Docker Engine answers (${(error as Error).message}); start it, or run \`npm run doctor\` to see what is missing`,
      exitCodes.missingTool,
    );
  }
}
