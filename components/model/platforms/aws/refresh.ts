/*
 * How many machines of a group an instance refresh has at most. Minimum and maximum healthy percentage: EC2 Auto Scaling user guide,
 * Instance refresh core concepts; they must lie at most 100 apart, and the larger one between 100 and 200.
 */

/** A fifth more at a time: where all must go on serving, the new ones come first. */
const more = 20;

/** Largest part of a group's number while its machines are replaced, in per cent of it. */
export function mostHealthyPercent(healthyPercent: number): number {
  return Math.max(100, Math.min(200, healthyPercent + more));
}

/** Machines that a refresh replaces at a time: those that it may do without, and those that it may have on top; at least one. */
export function replacedAtOnce(desired: number, healthyPercent: number): number {
  const without = desired - Math.ceil((desired * healthyPercent) / 100);
  return Math.max(1, without + surge(desired, healthyPercent));
}

/** Machines on top of a group's number while a refresh goes on; at least one where all must go on serving. */
export function surge(desired: number, healthyPercent: number): number {
  const above = Math.floor((desired * (mostHealthyPercent(healthyPercent) - 100)) / 100);
  return healthyPercent === 100 ? Math.max(1, above) : above;
}
