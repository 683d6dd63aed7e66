import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type Docker from "dockerode";
import { writeWhole } from "../../../infra/whole-file.ts";
import { stateFile } from "../../engine/state-file.ts";
import { exitCodes, UserError } from "../../exit.ts";

/*
 * A state names containers and not the Docker Engine that has them. Asked at another one (DOCKER_HOST or the context is another today),
 * every container of it is gone: an `up` would make the cluster a second time, and a `down` would forget the first, which then
 * runs on, known to nobody. So this machine remembers which engine has a stack.
 */

/** An engine, by the id that it keeps for good. */
interface Engine {
  readonly id: string;
  /** Name of its host, for people. */
  readonly host: string;
}

/** Remembers that the stack is on this engine. */
export async function rememberEngine(docker: Docker, stack: string): Promise<void> {
  const engine = await engineOf(docker);
  if (engine === null) return;
  mkdirSync(dirname(fileOf(stack)), { recursive: true, mode: 0o700 });
  writeWhole(fileOf(stack), JSON.stringify(engine));
}

/** The stack is nowhere any more. */
export function forgetEngine(stack: string): void {
  rmSync(fileOf(stack), { force: true });
}

/** @throws UserError when this machine has last seen the stack on another engine than this one */
export async function mustBeSameEngine(docker: Docker, stack: string): Promise<void> {
  const [known, here] = [remembered(stack), await engineOf(docker)];
  if (known === null || here === null || known.id === here.id) return;
  throw new UserError(
    `"${stack}" stands on the Docker Engine of ${known.host}, and this is the one of ${here.host}: choose the other by DOCKER_HOST or \`docker context use\`. Nothing was changed. If that engine is gone for good, with all that was on it, remove ${fileOf(stack)}`,
    exitCodes.missingTool,
  );
}

/** Null for an engine that tells no id. */
export async function engineOf(docker: Docker): Promise<Engine | null> {
  const { ID: id = "", Name: host = "" } = (await docker.info()) as { ID?: string; Name?: string };
  return id === "" ? null : { id, host };
}

function remembered(stack: string): Engine | null {
  try {
    return JSON.parse(readFileSync(fileOf(stack), "utf8")) as Engine;
  } catch {
    // Brought up by an earlier revision, or by somebody else.
    return null;
  }
}

function fileOf(stack: string): string {
  return stateFile("engines", stack, "json");
}
