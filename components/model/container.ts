/*
 * The parts of a container that a stack may say, by their names in a pool: a platform's traits list those that it has.
 */

/** All of them. */
export const containerParts = [
  "command",
  "user",
  "environmentFiles",
  "files",
  "volumes",
  "tmpfs",
  "capabilities",
  "shm",
  "ulimits",
] as const;

export type ContainerPart = (typeof containerParts)[number];

/** Whether a part is said at all: defaults are nothing, an empty list, an empty record or null. */
export function isSaid(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
