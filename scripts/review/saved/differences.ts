import type { SavedPlan, SavedStep } from "./document.ts";

/** What an `up` would go by, apart from the state. */
export type Circumstances = Pick<SavedPlan, "stack" | "owner" | "tools" | "program" | "rendered">;

/** Whatever differs between what was reviewed and what is there, a line each; empty when it is the same. */
export function circumstanceDifferences(saved: Circumstances, now: Circumstances): string[] {
  return [
    ...single("stack", saved.stack, now.stack),
    ...single("owner", saved.owner, now.owner),
    ...keys(saved.tools, now.tools).map(
      (name) => `${name}: reviewed with ${saved.tools[name] ?? "none"}, here ${now.tools[name] ?? "none"}`,
    ),
    ...files("", saved.program, now.program),
    ...files("rendered file ", saved.rendered, now.rendered),
  ];
}

function single(what: string, saved: string, now: string): string[] {
  return saved === now ? [] : [`${what}: reviewed for ${saved}, this is ${now}`];
}

function files(
  kind: string,
  saved: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  return keys(saved, now).map((path) => {
    const how = !(path in saved) ? "is new" : !(path in now) ? "is gone" : "is another";
    return `${kind}${path} ${how} since the review`;
  });
}

/** Names whose values differ, sorted. */
function keys(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => a[key] !== b[key]).sort();
}

/** How what the engine would do now differs from what was reviewed, a line for each resource. */
export function stepDifferences(saved: readonly SavedStep[], now: readonly SavedStep[]): string[] {
  const [was, is] = [byUrn(saved), byUrn(now)];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((urn) => {
    const difference = stepDifference(was.get(urn) ?? [], is.get(urn) ?? []);
    return difference === null ? [] : [`${nameOf(urn)} ${difference}`];
  });
}

function stepDifference(saved: readonly SavedStep[], now: readonly SavedStep[]): string | null {
  const [was, is] = [saved, now].map((steps) => steps.map(({ op }) => op).join(", "));
  if (was !== is) return `was reviewed as ${was || "unchanged"} and would now be ${is || "unchanged"}`;
  if (saved.some(({ before }, index) => before !== now[index]?.before))
    return "is no longer as it was when the change was reviewed";
  if (saved.some(({ after }, index) => after !== now[index]?.after))
    return "would get other settings than reviewed";
  return null;
}

function byUrn(steps: readonly SavedStep[]): Map<string, SavedStep[]> {
  const map = new Map<string, SavedStep[]>();
  for (const step of steps) map.set(step.urn, [...(map.get(step.urn) ?? []), step]);
  return map;
}

/** `Container dev-web-1`. */
function nameOf(urn: string): string {
  const [type = "", name = urn] = urn.split("::").slice(2);
  return `${type.split(":").at(-1)} ${name}`;
}
