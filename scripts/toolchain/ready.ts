import { prependPath, requireBackend } from "../engine/environment.ts";
import { exitCodes, UserError } from "../exit.ts";
import { ensureMoto } from "./moto.ts";
import { engineParts, type Part } from "./parts.ts";
import type { Progress } from "./progress.ts";
import { ensurePulumi } from "./pulumi.ts";

/** Gets the engine ready, on PATH. @param parts what is needed of it; by default what every stack needs */
export async function readyPulumi(progress: Progress, parts: readonly Part[] = engineParts): Promise<void> {
  // Nobody should wait for a toolchain to hear that there is no place for a state.
  requireBackend();
  const { binDir } = await missingTool(() => ensurePulumi(progress, process.env, parts));
  prependPath(binDir);
}

/** Gets ready what stands in for AWS's API in tests. */
export async function readyMoto(progress: Progress): Promise<void> {
  await missingTool(() => ensureMoto(progress));
}

/** Runs what gets a tool; its failure ends the command with the code for that, unless it has one of its own. */
export async function missingTool<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError((error as Error).message, exitCodes.missingTool);
  }
}
