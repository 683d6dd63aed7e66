import type Docker from "dockerode";
import { stackState } from "../../engine/state.ts";
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
export async function removeLeftovers(args: LeftoverArgs): Promise<void> {
  const { docker, stack, owner } = args;
  const { known, interrupted } = await knownToState(stack);
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
export async function removeAllLeftovers(args: LeftoverArgs): Promise<boolean> {
  return sweepUnknown(args, (await knownToState(args.stack)).known);
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

/** Identifiers of what the state knows, and whether the last run ended in the middle. */
async function knownToState(stack: string): Promise<{ known: Set<string>; interrupted: boolean }> {
  const { resources = [], interrupted = false } = (await stackState(stack)) ?? {};
  const known = resources.filter(({ custom }) => custom).flatMap(({ id }) => (id ? [id] : []));
  return { known: new Set(known), interrupted };
}
