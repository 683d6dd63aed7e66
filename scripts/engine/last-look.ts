import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../../infra/whole-file.ts";
import type { StackState, StateResource } from "./state.ts";
import { stateFile } from "./state-file.ts";

/*
 * To compare the state with what really is there the engine asks a provider for each resource, one process and one question after the
 * other. Where a platform can see by itself that all stands just as it did when the state was found to be right, there is nothing to
 * compare.
 *
 * The state is right of what stood unchanged from before an `up` until after it, and that the engine compared meanwhile, or an earlier one
 * had. What an `up` has made or changed is no such thing: somebody else may have changed it since, in the same `up`.
 */

/** A digest of what stands, by the platform; null where it can't tell. @param resources what the state knows */
type Standing = ((resources: readonly StateResource[]) => Promise<string | null>) | undefined;

/** What an `up` sees before the engine begins. */
export interface Look {
  /** Whether the engine has to compare the state with what really is there. */
  readonly compares: boolean;
  /** What stands; null where that is unknown, or the state is to be trusted. */
  readonly seen: string | null;
}

/** @param asked by the person; undefined for what is needed @param standing undefined for a platform that can't tell */
export async function lookBefore(
  stack: string,
  { resources, interrupted }: StackState,
  asked: boolean | undefined,
  standing: Standing,
): Promise<Look> {
  if (resources.length === 0 || asked === false) return { compares: false, seen: null };
  const seen = await ask(standing, resources);
  return { compares: asked ?? (interrupted || seen === null || seen !== lastLook(stack)), seen };
}

/** Looks again after an `up` that has ended well, and remembers what stands where it is what stood before. Never throws. */
export async function lookAfter(stack: string, { seen }: Look, standing: Standing): Promise<void> {
  if (seen === null || (await ask(standing, [])) !== seen) return;
  try {
    mkdirSync(dirname(fileOf(stack)), { recursive: true, mode: 0o700 });
    writeWhole(fileOf(stack), seen);
  } catch {
    // A full disk costs the next `up` its comparison, and this one nothing.
    forgetLook(stack);
  }
}

/** Forgets what stood: from here on the engine changes it, and may be cut off. */
export function forgetLook(stack: string): void {
  rmSync(fileOf(stack), { force: true });
}

/** A look that fails, e.g. at a container that has just gone, has seen nothing. */
async function ask(standing: Standing, resources: readonly StateResource[]): Promise<string | null> {
  try {
    return (await standing?.(resources)) ?? null;
  } catch {
    return null;
  }
}

/** What stood when the state was last found to be right, as a digest; null where this machine doesn't know. */
function lastLook(stack: string): string | null {
  try {
    return readFileSync(fileOf(stack), "utf8");
  } catch {
    return null;
  }
}

function fileOf(stack: string): string {
  return stateFile("looks", stack, "txt");
}
