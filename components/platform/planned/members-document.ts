import { countsWeights, largestWeight } from "../../model/algorithms.ts";
import type { Member, MembersDocument, MembersPool } from "../../model/members-document.ts";
import { own } from "../../model/own.ts";

/* What a roll-out does with the document of members. */

/** One intermediate state of a roll-out. */
export interface RolloutStep {
  readonly document: MembersDocument;
  /** Share of the requests that the new members get in it, 0 to 1. */
  readonly share: number;
}

/**
 * Share of the requests that new members get, step by step, before the old ones go. The first is small: a release that
 * answers nothing but errors spoils one request in twenty for a few seconds, and never more.
 */
export const rolloutShares = [0.05, 0.3] as const;

/** Suffix of a new member's key while the one that it replaces is still there: keys are unique in a pool. */
export const newcomerSuffix = "-new";

/**
 * A document without the newcomers of a roll-out that was cut off, by a kill for example: they have not been proved, so the
 * next one has to begin with them again.
 */
export function withoutNewcomers(document: MembersDocument): MembersDocument {
  const proved = (pool: MembersPool): MembersPool => ({
    ...pool,
    members: pool.members.filter(({ key }) => !key.endsWith(newcomerSuffix)),
  });
  return {
    ...document,
    pools: Object.fromEntries(Object.entries(document.pools).map(([name, pool]) => [name, proved(pool)])),
  };
}

/** Active and hot members of `desired` at an address where `current` has nobody. */
export function newcomers(current: MembersDocument, desired: MembersDocument): Member[] {
  return Object.entries(desired.pools).flatMap(([name, { members }]) =>
    strangers(members, own(current.pools, name)?.members ?? []).filter(({ role }) => role !== "cold"),
  );
}

/** Members at an address where none of the others is. */
function strangers(members: readonly Member[], others: readonly Member[]): Member[] {
  const known = new Set(others.map(({ address }) => address));
  return members.filter(({ address }) => !known.has(address));
}

const actives = ({ members }: MembersPool) => members.filter(({ role }) => role === "active");

/** Pools in which active members give way to new ones. Plain additions and removals need no ramp: nobody leaves who still has to be relied upon. */
export function replacedPools(current: MembersDocument, desired: MembersDocument): string[] {
  return Object.keys(desired.pools).filter((name) =>
    isReplacement(own(current.pools, name), own(desired.pools, name)),
  );
}

/**
 * The states between two documents; none when no pool is replaced.
 *
 * @param health checks that old and new members pass alike, by pool
 * @param unserved pools in which nobody serves who could give way: theirs isn't ramped up
 */
export function rolloutSteps(
  current: MembersDocument,
  desired: MembersDocument,
  health: Readonly<Record<string, MembersPool["health"]>>,
  unserved: readonly string[] = [],
): RolloutStep[] {
  const replaced = replacedPools(current, desired).filter((name) => !unserved.includes(name));
  if (replaced.length === 0) return [];
  return rolloutShares.map((share, index) => ({
    share,
    document: {
      ...current,
      // A balancer takes any hexadecimal revision; the digit tells the steps apart.
      revision: `${desired.revision}${index + 1}`,
      pools: Object.fromEntries(
        Object.entries(current.pools).map(([name, old]) => {
          const next = own(desired.pools, name);
          if (next === undefined || !replaced.includes(name)) return [name, old];
          return [name, { ...mixed(old, next, share, index), health: own(health, name) ?? old.health }];
        }),
      ),
    },
  }));
}

function isReplacement(old: MembersPool | undefined, next: MembersPool | undefined): boolean {
  if (old === undefined || next === undefined) return false;
  return (
    strangers(actives(old), actives(next)).length > 0 && strangers(actives(next), old.members).length > 0
  );
}

/** The old members, and new ones that together get `share` of the requests. */
function mixed(old: MembersPool, next: MembersPool, share: number, step: number): MembersPool {
  const renamed = strangers(actives(next), old.members).map((member) => ({
    ...member,
    key: `${member.key}${newcomerSuffix}`,
  }));
  if (!countsWeights(old.algorithm)) {
    // A share can only be given by the number of members: the first step lets one new member in, the others all of them.
    return { ...old, members: [...old.members, ...renamed.slice(0, step === 0 ? 1 : renamed.length)] };
  }
  const stayed = actives(old);
  const goal = share / (1 - share);
  // As fine as the scale allows: the heaviest member, old or new, gets the largest weight.
  const scale =
    largestWeight / Math.max(heaviest(stayed), (heaviest(renamed) * goal * sum(stayed)) / sum(renamed));
  const grown = stayed.map(({ weight }) => allowed(weight * scale));
  const target = goal * grown.reduce((total, weight) => total + weight, 0);
  const weights = shareOut(target, renamed);
  const weightOf = new Map(stayed.map(({ key }, index) => [key, grown[index] ?? 1]));
  return {
    ...old,
    members: [
      ...old.members.map((member) => ({ ...member, weight: weightOf.get(member.key) ?? member.weight })),
      ...renamed.map((member, index) => ({ ...member, weight: weights[index] ?? 1 })),
    ],
  };
}

const sum = (members: readonly Member[]) => members.reduce((total, { weight }) => total + weight, 0);
const heaviest = (members: readonly Member[]) => Math.max(...members.map(({ weight }) => weight));
const allowed = (weight: number) => Math.min(largestWeight, Math.max(1, Math.round(weight)));

/** Weights in the members' proportion that come to `target` together: the heaviest takes what rounding left over. */
function shareOut(target: number, members: readonly Member[]): number[] {
  const weights = members.map(({ weight }) => allowed((target * weight) / sum(members)));
  const heavy = members.findIndex(({ weight }) => weight === heaviest(members));
  const others = weights.reduce((total, weight, index) => (index === heavy ? total : total + weight), 0);
  return weights.map((weight, index) => (index === heavy ? allowed(target - others) : weight));
}
