import type { PlatformKind } from "../../components/model/spec.ts";
import { stackSource } from "../../infra/stack-source.ts";
import { clusterInputs, isOutside, type StateResource, stackState } from "../engine/state.ts";
import { exitCodes, UserError } from "../exit.ts";
import { currentOwner, sourceOf } from "../stacks.ts";
import type { Progress } from "../toolchain/progress.ts";
import { locatePulumi } from "../toolchain/pulumi.ts";
import { readyPulumi } from "../toolchain/ready.ts";
import { awsCommands } from "./aws/index.ts";
import type { CommandPlatform } from "./contract.ts";
import { dockerCommands } from "./docker/index.ts";
import { memoryCommands } from "./memory/index.ts";
import { metalCommands } from "./metal/index.ts";

/** All platforms that the commands know: the one place that knows them. A kind that isn't here isn't built yet. */
export const platforms: readonly CommandPlatform[] = [
  dockerCommands,
  awsCommands,
  memoryCommands,
  metalCommands,
];

/** The platform of a kind; by default that of a stack which names none. @throws UserError for a kind that isn't built yet */
export function platformOf(kind: unknown = "docker" satisfies PlatformKind): CommandPlatform {
  const platform = platforms.find((candidate) => candidate.kind === kind);
  if (platform !== undefined) return platform;
  const known = platforms.map((candidate) => `"${candidate.kind}"`);
  throw new UserError(
    `platform.kind: ${JSON.stringify(kind)} is not built yet; ${known.slice(0, -1).join(", ")} and ${known.at(-1)} are`,
    exitCodes.stackProblems,
  );
}

/** The platform that a stack's file names, also where the rest of it has problems; null for a name that isn't in stacks/index.ts. */
export function platformByFile(stack: string): CommandPlatform | null {
  const source = stackSource(stack);
  if (source === null) return null;
  return platformOf((source.input as { platform?: { kind?: unknown } } | undefined)?.platform?.kind);
}

/** The same for commands that need the file. @throws UserError for a name that isn't in stacks/index.ts */
export function platformOfKnown(stack: string): CommandPlatform {
  sourceOf(stack);
  return platformByFile(stack) ?? platformOf();
}

/**
 * The platform that a state tells of: by what the cluster in it says, else by whose resources it holds. Null for a state that holds
 * nothing outside of it.
 *
 * @param byFile what the stack's file says, for a state that isn't clear; null where there is no such file
 * @throws UserError for resources of no platform, or of several, without a file: nobody may guess who removes them
 */
export function platformByState(
  stack: string,
  resources: readonly StateResource[],
  byFile: CommandPlatform | null = null,
): CommandPlatform | null {
  const { platform: kind } = clusterInputs(resources);
  const told = platforms.find((candidate) => candidate.kind === kind);
  if (told !== undefined) return told;
  const types = [...new Set(resources.filter(isOutside).map(({ type }) => type))].sort();
  const [owner, ...others] = platforms.filter(({ owns }) => types.some(owns));
  if (owner !== undefined && others.length === 0) return owner;
  if (types.length === 0 || byFile !== null) return byFile;
  throw new UserError(
    `the state of "${stack}" tells no single platform: it holds resources of the types ${types.join(", ")}. Nothing was changed; \`./hotspare pulumi destroy -s ${stack}\` removes what its providers can`,
  );
}

/**
 * The platform of a stack for commands that look at what is there: by its file, else by its state, else by what bears its labels.
 *
 * @throws UserError when nobody knows of such a stack
 */
export async function platformFor(stack: string, progress: Progress): Promise<CommandPlatform> {
  const byFile = platformByFile(stack);
  if (byFile !== null) return byFile;
  const found = (await platformOfRemembered(stack, progress)) ?? (await platformByLabels(stack));
  if (found !== null) return found;
  throw nothingKnown(stack);
}

/** By the state, where this machine can read one: nobody waits for a toolchain because of a name that isn't right. */
export async function platformOfRemembered(
  stack: string,
  progress: Progress,
): Promise<CommandPlatform | null> {
  if ((await locatePulumi()) === undefined) return null;
  await readyPulumi(progress);
  return platformByState(stack, (await stackState(stack))?.resources ?? []);
}

/** The platform that has something with the labels of a stack; null where none has. @throws UserError when one can't be asked */
export async function platformByLabels(stack: string): Promise<CommandPlatform | null> {
  const ownership = { owner: currentOwner(), stack };
  for (const platform of platforms) if (await platform.hasLabelled?.(ownership)) return platform;
  return null;
}

/** Nothing of a stack that isn't in stacks/index.ts is anywhere. */
export function nothingKnown(stack: string): UserError {
  return new UserError(
    `there is no stack "${stack}": it is not in stacks/index.ts, and nothing of it is there, neither in the state nor by its labels`,
    exitCodes.nothingThere,
  );
}
