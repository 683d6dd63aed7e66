/** Something that waits for others. */
interface Waiting {
  readonly urn: string;
  readonly parent: string;
  readonly dependsOn: readonly string[];
}

/** A way round through dependencies and parents, each waiting for the next; null where there is none. */
export function cycle(resources: readonly Waiting[]): string[] | null {
  const waits = new Map(resources.map(({ urn, parent, dependsOn }) => [urn, [parent, ...dependsOn]]));
  const done = new Set<string>();
  const visit = (urn: string, way: readonly string[]): string[] | null => {
    if (way.includes(urn)) return [...way.slice(way.indexOf(urn)), urn];
    if (done.has(urn)) return null;
    for (const next of waits.get(urn) ?? []) {
      const found = visit(next, [...way, urn]);
      if (found !== null) return found;
    }
    done.add(urn);
    return null;
  };
  for (const { urn } of resources) {
    const found = visit(urn, []);
    if (found !== null) return found;
  }
  return null;
}
