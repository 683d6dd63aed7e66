import type { Member, MembersDocument, MembersPool } from "../../model/members-document.ts";
import { own } from "../../model/own.ts";
import type { BalancerControl, BalancerCounts } from "./balancer-control.ts";
import { gate } from "./gate.ts";
import {
  newcomerSuffix,
  type RolloutStep,
  replacedPools,
  rolloutSteps,
  withoutNewcomers,
} from "./members-document.ts";
import type { AskStory, RolloutPace, TellProgress } from "./pace.ts";
import { checkUrl } from "./probe.ts";

/*
 * How one set of members gives way to another without a lost request: gate on health, ramp up by weight and watch, and only
 * then let the old ones go. All of it happens before the engine notes the change, so a roll-out that fails is tried again
 * by the next `up`, and until then the old members serve.
 */

/** Above this share of 5xx answers new members are refused, unless the old ones are no better. */
const worstErrorShare = 0.05;

/** With fewer answers than this a share says nothing. */
const fewestAnswers = 10;

/** Whom a roll-out asks and tells. */
export interface RolloutEars {
  readonly story?: AskStory;
  readonly tell?: TellProgress | undefined;
}

/**
 * Gates and ramps, on all balancers at once, since any of them may be the one that has the traffic. Leaves them all in the
 * last step of the ramp; the caller delivers the final document.
 *
 * @throws Error that says which new member failed and how; the balancers then have their old members again. Also when one of them
 * doesn't say whom it has: nothing is changed then, since it may have the traffic.
 */
export async function rollOut(
  here: BalancerControl,
  all: readonly BalancerControl[],
  desired: MembersDocument,
  pace: RolloutPace,
  { story = async () => null, tell = () => {} }: RolloutEars = {},
): Promise<void> {
  const serving = await here.members();
  if (serving === null) return;
  const peers = await servingOf(all);
  if (isProved(peers, desired)) return;
  const current = withoutNewcomers(serving);
  await gate(here, { current, desired, pace, story, tell });
  const { health, unserved } = await sharedHealth(here, current, desired);
  const steps = rolloutSteps(current, desired, health, unserved);
  const together = peers.map(({ balancer }) => balancer);
  try {
    for (const step of steps) await watchStep(together, step, pace, tell);
  } catch (error) {
    // The reason counts, also when a balancer that has gone meanwhile can't take its old members back.
    await Promise.allSettled(together.map((balancer) => balancer.putMembers(current)));
    throw error;
  }
}

/**
 * Whether a balancer has the final document already: then the members are proved, its peers only follow, and a second ramp
 * would take it back to a step of which nobody would relieve it.
 */
function isProved(peers: readonly Serving[], desired: MembersDocument): boolean {
  return peers.some(({ document }) => document.revision === desired.revision);
}

/** A balancer that serves, with the members that it has. */
interface Serving {
  readonly balancer: BalancerControl;
  readonly document: MembersDocument;
}

/** Those that serve. One that was made and never got its files has nobody to ramp for: the final document is its first. */
async function servingOf(all: readonly BalancerControl[]): Promise<Serving[]> {
  const documents = await Promise.all(all.map((balancer) => balancer.members()));
  return all.flatMap((balancer, index) => {
    const document = documents[index] ?? null;
    return document === null ? [] : [{ balancer, document }];
  });
}

/** What a check asks, without its pace. */
function asked({
  intervalMs: _,
  timeoutMs: __,
  fall: ___,
  rise: ____,
  ...question
}: MembersPool["health"]): string {
  return JSON.stringify(question);
}

/** What holds while old and new members both serve. */
interface Shared {
  /** Checks that both pass, by pool. */
  readonly health: Record<string, MembersPool["health"]>;
  /** Pools in which no old member serves, so that the new ones go in at once: they have passed their own check. */
  readonly unserved: string[];
}

/**
 * Checks that old and new members pass alike, for the time when both serve. A release may bring another health path: then it
 * is the new one where the old members answer there as well, else the old one where the new members do.
 *
 * @throws Error when there is none and an old member serves, since one half would be taken for dead.
 */
async function sharedHealth(
  here: BalancerControl,
  current: MembersDocument,
  desired: MembersDocument,
): Promise<Shared> {
  const shared: Shared = { health: {}, unserved: [] };
  for (const name of replacedPools(current, desired)) {
    const [old, next] = [own(current.pools, name), own(desired.pools, name)];
    if (old === undefined || next === undefined) continue;
    if (asked(old.health) === asked(next.health) || (await passes(here, old.members, next.health)))
      shared.health[name] = next.health;
    else if (await passes(here, next.members, old.health)) shared.health[name] = old.health;
    else if (await passes(here, old.members, old.health))
      throw new Error(
        `pool ${name}: the old nodes fail the new health check (${next.health.path}) and the new ones the old (${old.health.path}), so they can't serve side by side; let the release answer at both paths first, and change health.path afterwards`,
      );
    else shared.unserved.push(name);
  }
  return shared;
}

/** Whether any active member passes a check; one that is down must not decide for all. */
async function passes(
  here: BalancerControl,
  members: readonly Member[],
  health: MembersPool["health"],
): Promise<boolean> {
  const active = members.filter(({ role }) => role === "active");
  const answers = await Promise.all(active.map((member) => here.probe(checkUrl(member, health), health)));
  return answers.includes(null);
}

async function watchStep(
  all: readonly BalancerControl[],
  step: RolloutStep,
  pace: RolloutPace,
  tell: TellProgress,
): Promise<void> {
  const before = await sum(all);
  await Promise.all(all.map((balancer) => balancer.putMembers(step.document)));
  for (const deadline = Date.now() + pace.step; ; ) {
    await pause(250);
    const answers = difference(await sum(all), before);
    const isSilent = Date.now() > deadline && !keepsSessions(step.document);
    tell(`ramp, new nodes get ${Math.round(step.share * 100)} %: ${answersOf(answers.fresh)}`);
    const complaint = judge(answers) ?? (isSilent ? judgeSilence(answers) : null);
    if (complaint !== null) throw new Error(`${complaint}; they are out again, the old ones serve`);
    if (Date.now() > deadline) return;
  }
}

/** Where sessions stay at their nodes, many requests and none for new members is what they should come to. */
function keepsSessions({ pools }: MembersDocument): boolean {
  return Object.values(pools).some(({ sticky, members }) => sticky !== undefined && members.some(isNewcomer));
}

const isNewcomer = ({ key }: { readonly key: string }) => key.endsWith(newcomerSuffix);

interface Answers {
  readonly requests: number;
  readonly errors: number;
}

interface Tally {
  readonly fresh: Answers;
  readonly old: Answers;
}

const answersOf = ({ requests, errors }: Answers) => `${requests} answers, ${errors} of them 5xx`;

/** Requests and 5xx answers of new and old members, over all balancers that answer. */
async function sum(all: readonly BalancerControl[]): Promise<Tally> {
  const counts = (await Promise.all(all.map((balancer) => balancer.counts()))).filter(
    (count) => count !== null,
  );
  const of = (fresh: boolean): Answers => {
    const members = counts.flatMap((count: BalancerCounts) =>
      Object.values(count.pools).flatMap((pool) => pool.members),
    );
    const chosen = members.filter((member) => isNewcomer(member) === fresh);
    return {
      requests: chosen.reduce((total, { requests }) => total + requests, 0),
      errors: chosen.reduce((total, { errors }) => total + errors, 0),
    };
  };
  return { fresh: of(true), old: of(false) };
}

function difference(now: Tally, before: Tally): Tally {
  const minus = (a: Answers, b: Answers) => ({
    requests: a.requests - b.requests,
    errors: a.errors - b.errors,
  });
  return { fresh: minus(now.fresh, before.fresh), old: minus(now.old, before.old) };
}

/** What is wrong with the new members, or null. They may be as bad as the old ones, but no worse. */
export function judge({ fresh, old }: Tally): string | null {
  if (fresh.requests < fewestAnswers) return null;
  const share = ({ requests, errors }: Answers) => (requests === 0 ? 0 : errors / requests);
  if (share(fresh) <= Math.max(worstErrorShare, 2 * share(old))) return null;
  return `the new nodes answered ${fresh.errors} of ${fresh.requests} requests with 5xx (the old ones ${old.errors} of ${old.requests})`;
}

/** So many requests that even the smallest share would have given new members some. */
const plenty = 200;

/** New members that got nothing while there was plenty have not been proved. */
export function judgeSilence({ fresh, old }: Tally): string | null {
  if (fresh.requests > 0 || old.requests < plenty) return null;
  return `the new nodes got none of ${old.requests} requests, so the balancers do not take them for well`;
}

/** Waits until nothing is under way at members that have left; gives up after the pace's time, since a stream may last for ever. */
export async function drained(
  balancer: BalancerControl,
  pace: RolloutPace,
  tell: TellProgress = () => {},
): Promise<void> {
  for (const deadline = Date.now() + pace.drain; Date.now() < deadline; ) {
    const counts = await balancer.counts();
    if (counts === null || Object.keys(counts.draining).length === 0) return;
    const left = Object.values(counts.draining).reduce((sum, count) => sum + count, 0);
    tell(`drain: ${left} requests under way at old nodes`);
    await pause(200);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
