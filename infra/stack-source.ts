import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a stack comes from: its file, or what an earlier `up` has recorded of it. */
export interface StackSource {
  /** The stack as it was written; not checked yet. */
  readonly input: unknown;
  /** Image references of that time; null for those that the files of this checkout have now. */
  readonly images: Readonly<Record<string, string>> | null;
}

/** Names a JSON file with a {@link StackSource} that is used instead of the stack's file; set by `npm run rollback`. */
export const stackFileVariable = "HOTSPARE_STACK_FILE";

/** A file in stacks/ can't even be loaded: it has a syntax error, or throws. The message names file and line. */
export class StackLoadError extends Error {}

type Stacks = Readonly<Record<string, unknown>>;

// Loaded so that a mistake in a stack file stops who asks for a stack, and not every command at its start: a review must be
// able to say what is wrong.
const loaded: Stacks | StackLoadError = await import("../stacks/index.ts").then(
  (module) => module.stacks,
  (error: unknown) => new StackLoadError(`stacks/ can't be loaded: ${placed(error)}`),
);

function allStacks(): Stacks {
  if (loaded instanceof StackLoadError) throw loaded;
  return loaded;
}

/** The stack of this name, or null when there is none. @throws StackLoadError */
export function stackSource(stack: string, env: NodeJS.ProcessEnv = process.env): StackSource | null {
  const recorded = env[stackFileVariable];
  if (recorded) return JSON.parse(readFileSync(recorded, "utf8")) as StackSource;
  const stacks = allStacks();
  return Object.hasOwn(stacks, stack) ? { input: stacks[stack], images: null } : null;
}

/** What there is to choose from, for the message when a name is wrong. @throws StackLoadError */
export function stackNames(): string[] {
  return Object.keys(allStacks());
}

/** An error with the place that it comes from, which its message alone doesn't tell. */
function placed(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const root = join(import.meta.dirname, "..");
  const [, url, line] = /(file:\/\/[^\s:)]+):(\d+)/.exec(error.stack ?? "") ?? [];
  const message = error.message.replaceAll(`${root}/`, "");
  return url === undefined ? message : `${relative(root, fileURLToPath(url))}, line ${line}: ${message}`;
}
