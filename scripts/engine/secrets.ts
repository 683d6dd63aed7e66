import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stackName } from "../../infra/stack-source.ts";
import { exitCodes, UserError } from "../exit.ts";
import { projectName, sourceOf } from "../stacks.ts";
import { engineFolder } from "./folder.ts";

/*
 * Which secrets a stack names, and which of them have a value in its settings. Read from the settings' file, where the names stand in
 * clear, so that it needs no engine, no state and no passphrase.
 */

/** A secret that a stack's file names. */
export interface NamedSecret {
  readonly name: string;
  /** The first place of the stack's file that names it, e.g. `pools.web.environment.TOKEN`. */
  readonly path: string;
  /** Null where the settings may come from elsewhere as well (`environment:`), which only the engine can tell. */
  readonly set: boolean | null;
}

/** All secrets that a stack's file names, by name. @throws UserError for a stack that there isn't */
export function namedSecrets(stack: string): NamedSecret[] {
  const known = namesIn(settingsText(stack));
  return [...secretPaths(sourceOf(stack).input, "")]
    .map(([name, path]) => ({ name, path, set: known === null ? null : known.has(name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One sentence for each that has no value, with the command that sets it. */
export function missingSecrets(stack: string): string[] {
  return namedSecrets(stack)
    .filter(({ set }) => set === false)
    .map(
      ({ name, path }) =>
        `${path}: the secret "${name}" has no value; \`./hotspare secret set ${stackName(stack)} ${name}\` asks for it`,
    );
}

/** Before anything is built or made: the engine would stop at the first one, in the middle. @throws UserError that names all that are missing */
export function mustHaveSecrets(stack: string): void {
  const missing = missingSecrets(stack);
  if (missing.length > 0) throw new UserError(missing.join("\n"), exitCodes.stackProblems);
}

/** Names of all secrets that a stack refers to, each with the first place where it does. */
export function secretPaths(value: unknown, path: string): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map();
  const { secret } = value as { secret?: unknown };
  if (typeof secret === "string" && Object.keys(value).length === 1) return new Map([[secret, path]]);
  const found = Object.entries(value).flatMap(([key, child]) => [
    ...secretPaths(child, path === "" ? key : `${path}.${key}`),
  ]);
  // Of several places the first counts, and a map keeps the last.
  return new Map(found.reverse());
}

/** Empty where the stack has no settings yet. */
function settingsText(stack: string): string {
  try {
    return readFileSync(join(engineFolder(), "stacks/config", `Pulumi.${stack}.yaml`), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** Names of this project's settings in Pulumi's own form, a key a line; null where there may be more in an environment of Pulumi's. */
export function namesIn(settings: string): ReadonlySet<string> | null {
  if (/^environment:/m.test(settings)) return null;
  const key = new RegExp(`^\\s+["']?${projectName}:([A-Za-z0-9-]+)["']?:`, "gm");
  return new Set([...settings.matchAll(key)].map(([, name = ""]) => name));
}
