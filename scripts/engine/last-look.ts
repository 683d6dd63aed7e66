import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { writeWhole } from "../../infra/whole-file.ts";
import type { StackState, StateResource } from "./state.ts";
import { stateFile } from "./state-file.ts";

/*
 * To compare the state with what really is there the engine asks a provider for each resource, one process and one question after the
 * other. Where a platform can see by itself that all stands just as the last `up` left it, there is nothing to compare.
 */

/**
 * Whether the engine has to compare the state with what really is there.
 *
 * @param asked by the person; undefined for what is needed
 * @param standing a digest of what stands, by the platform; undefined for one that can't tell
 */
export async function mustCompare(
  stack: string,
  { resources, interrupted }: StackState,
  asked: boolean | undefined,
  standing?: (resources: readonly StateResource[]) => Promise<string | null>,
): Promise<boolean> {
  if (resources.length === 0) return false;
  if (asked !== undefined) return asked;
  const last = lastLook(stack);
  return interrupted || last === null || (await standing?.(resources)) !== last;
}

/** What stood when an `up` had ended with all of it as planned, as a digest; null where this machine has seen none. */
function lastLook(stack: string): string | null {
  try {
    return readFileSync(fileOf(stack), "utf8");
  } catch {
    return null;
  }
}

/** Remembers what stands after an `up`. @param digest null: it isn't known what stands */
export function rememberLook(stack: string, digest: string | null): void {
  mkdirSync(dirname(fileOf(stack)), { recursive: true, mode: 0o700 });
  if (digest === null) rmSync(fileOf(stack), { force: true });
  else writeWhole(fileOf(stack), digest);
}

function fileOf(stack: string): string {
  return stateFile("looks", stack, "txt");
}
