import { UserError } from "../exit.ts";
import type { NothingRuns } from "../nothing-runs.ts";
import { Progress } from "../toolchain/progress.ts";
import { platformByFile, platformByLabels, platformOfRemembered } from "./select.ts";

/**
 * What a person is told who looks for a stack where nothing of it runs: its file may name another platform than the one that it was brought
 * up on, and then an `up` would be the wrong advice.
 *
 * @returns the error itself where it is right
 */
export async function explained(error: NothingRuns): Promise<UserError> {
  const { stackId: stack, exitCode } = error;
  const byFile = platformByFile(stack);
  if (byFile === null) return error;
  // A backend or an engine that can't be asked doesn't hide what is known.
  const stands = await platformOfRemembered(stack, new Progress())
    .then((platform) => platform ?? platformByLabels(stack))
    .catch(() => null);
  if (stands === null || stands === byFile) return error;
  return new UserError(
    `nothing of "${stack}" runs ${byFile.place}, where stacks/index.ts has it: it stands ${stands.place}; set platform.kind to "${stands.kind}" again to look at it, or \`./hotspare down ${stack}\` removes it there`,
    exitCode,
  );
}
