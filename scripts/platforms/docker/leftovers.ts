import type Docker from "dockerode";
import type { StackState, StateResource } from "../../engine/state.ts";
import { UserError } from "../../exit.ts";
import type { Progress } from "../../toolchain/progress.ts";
import { sweep, sweptCount } from "./sweep.ts";
import { listContainers } from "./view.ts";

export interface LeftoverArgs {
  readonly docker: Docker;
  readonly stack: string;
  readonly owner: string;
  readonly progress: Progress;
}

/**
 * A run that was killed leaves things that the engine made but no longer knows; the next run would fail on their names.
 * They are removed here, found by label and told apart by what the state knows.
 *
 * @throws UserError when the state knows nothing at all but the cluster is there: then the state was lost, and removing
 *   what serves is not ours to decide.
 */
export async function removeLeftovers(
  args: LeftoverArgs,
  { resources, interrupted }: StackState,
): Promise<void> {
  const { docker, stack, owner } = args;
  const known = knownTo(resources);
  const containers = await listContainers(docker, { owner, stack });
  if (known.size === 0 && containers.length > 0 && !interrupted) {
    throw new UserError(
      `${containers.length} containers of this stack exist, but its state knows none of them: the state was lost. \`./hotspare down ${stack}\` removes them (found by label), \`./hotspare up ${stack}\` then starts afresh`,
    );
  }
  await sweepUnknown(args, known);
}

/**
 * The same before everything is removed: the engine would wait half a minute for a network that a container which it
 * doesn't know is still in. Tells whether there was anything.
 */
export async function removeAllLeftovers(
  args: LeftoverArgs,
  resources: readonly StateResource[],
): Promise<boolean> {
  return sweepUnknown(args, knownTo(resources));
}

async function sweepUnknown(
  { docker, stack, owner, progress }: LeftoverArgs,
  known: ReadonlySet<string>,
): Promise<boolean> {
  const swept = await sweep(docker, { owner, stack }, known);
  if (sweptCount(swept) === 0) return false;
  const names = [...swept.containers, ...swept.volumes, ...swept.networks].join(", ");
  progress.note(`Removed what the state does not know: ${names}`);
  return true;
}

/** Identifiers of what a state knows. */
function knownTo(resources: readonly StateResource[]): Set<string> {
  return new Set(resources.filter(({ custom }) => custom).flatMap(({ id }) => (id ? [id] : [])));
}
