import type { MemberSample, Recording } from "./types.ts";

/**
 * How often nodes were taken for lost that nothing was done to: out of rotation after having been in it, and not merely doubted. Of
 * the balancer that did it most often: each judges for itself, and one of them serves.
 */
export function lostMembers({ members, strikes }: Pick<Recording, "members" | "strikes">): number {
  const hit = (key: string, at: number) =>
    strikes.some(({ victims, from }) => victims.includes(key) && at >= from);
  const counts = new Map<string, number>();
  const rotating = new Map<string, boolean>();
  for (const { balancer, key, at, inRotation, mark } of members.toSorted((a, b) => a.at - b.at)) {
    const id = `${balancer} ${key}`;
    if (isLoss(rotating.get(id), inRotation, mark) && !hit(key, at))
      counts.set(balancer, (counts.get(balancer) ?? 0) + 1);
    // Who is doubted is still in use as soon as all are: that is no way out and back.
    if (mark !== "doubted") rotating.set(id, inRotation);
  }
  return Math.max(0, ...counts.values());
}

function isLoss(before: boolean | undefined, inRotation: boolean, mark: MemberSample["mark"]): boolean {
  return before === true && !inRotation && mark !== "doubted";
}
