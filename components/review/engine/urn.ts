/** Last part of a URN, the name that the program gave: `urn:pulumi:<stack>::<project>::<types>::<name>`, where a name may contain `::`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** Type of what stands at the top of every stack; it groups nothing that a reader doesn't know. */
export const stackType = "pulumi:pulumi:Stack";

/**
 * Names of the resources that one is in, from the outermost, without the stack itself.
 *
 * @param parents URN of the parent by URN
 */
export function componentPath(urn: string, parents: ReadonlyMap<string, string>): readonly string[] {
  const path: string[] = [];
  const seen = new Set([urn]);
  for (let at = parents.get(urn) ?? ""; at !== "" && !seen.has(at); at = parents.get(at) ?? "") {
    seen.add(at);
    if (!at.includes(`::${stackType}::`)) path.unshift(nameOf(at));
  }
  return path;
}

/** Type token of a resource; in its URN the types of those that it is in stand before its own. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
