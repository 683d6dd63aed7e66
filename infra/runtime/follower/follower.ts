import type { Member } from "../../../components/model/members-document.ts";
import type { Log } from "../warden/log.ts";
import { own } from "../warden/own.ts";
import type { Balancer } from "./balancer.ts";
import type { Groups, Observed } from "./groups.ts";
import { type FollowedPool, type MembersDocument, membersDocument, type SeenGroup } from "./members.ts";
import type { Trouble } from "./trouble.ts";

export interface Parts {
  readonly pools: Readonly<Record<string, FollowedPool>>;
  readonly groups: Pick<Groups, "look">;
  readonly balancer: Pick<Balancer, "deliver" | "stored">;
  readonly log: Log;
  readonly trouble: Trouble;
}

/** A look at the groups may take so long, in ms; what comes later is dropped. */
const patience = 6_000;

const unseen = "the groups can't be seen";
const nameless = "new instances have no address";
const untaken = "the balancer doesn't take its members";

/** Looks at the groups, makes the document of members, and brings it to the balancer: the part with hands. */
export class Follower {
  readonly #parts: Parts;
  #document: MembersDocument | null;
  #seen: Readonly<Record<string, SeenGroup>> = {};

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#document = parts.balancer.stored();
  }

  /** The groups as they were last told. */
  get seen(): Readonly<Record<string, SeenGroup>> {
    return this.#seen;
  }

  /**
   * One round. Never throws: what is wrong is said, and the balancer keeps what it has.
   *
   * @param now monotonic ms
   * @returns whether AWS has answered: where it has, there is no reason to ask more rarely
   */
  async round(now: number): Promise<boolean> {
    const observed = await this.#look(now);
    if (observed !== null) {
      this.#seen = observed.groups;
      this.#take(observed, now);
    }
    // In any case: an nginx that has just started from an old file hears of the newest document also while AWS is silent.
    await this.#deliver(now);
    return observed !== null;
  }

  async #look(now: number): Promise<Observed | null> {
    const { groups, trouble } = this.#parts;
    try {
      const observed = await inTime(patience, (signal) => groups.look(now, signal));
      trouble.ends(unseen, now);
      return observed;
    } catch (error) {
      trouble.begins(unseen, error, now);
      return null;
    }
  }

  /** Without the addresses of who is new there is no first document: it would tell of pools without anybody. */
  #take({ groups, unknown }: Observed, now: number): void {
    const { pools, trouble, log } = this.#parts;
    if (unknown === null) trouble.ends(nameless, now);
    else trouble.begins(nameless, unknown, now);
    const before = this.#document;
    if (before === null && unknown !== null) return;
    const document = membersDocument(pools, groups, before);
    if (document.revision === before?.revision) return;
    this.#document = document;
    log.say("members", "the groups have changed", {
      revision: document.revision,
      pools: changes(before, document),
    });
  }

  async #deliver(now: number): Promise<void> {
    const { balancer, trouble, log } = this.#parts;
    const document = this.#document;
    if (document === null) return;
    try {
      if (await balancer.deliver(document))
        log.say("delivered", "the balancer has them", { revision: document.revision });
      trouble.ends(untaken, now);
    } catch (error) {
      trouble.begins(untaken, error, now);
    }
  }
}

/** Who came, who went and whose part changed, by pool; pools without a change are left out. */
function changes(before: MembersDocument | null, after: MembersDocument) {
  const place = ({ key, address, role }: Member) => `${key} ${address} ${role}`;
  const entries = Object.entries(after.pools).flatMap(([name, { members }]) => {
    const [old, current] = [(own(before?.pools ?? {}, name)?.members ?? []).map(place), members.map(place)];
    const came = current.filter((one) => !old.includes(one));
    const left = old.filter((one) => !current.includes(one));
    return came.length + left.length === 0 ? [] : [[name, { came, left, members: current.length }] as const];
  });
  return Object.fromEntries(entries);
}

/** Aborts work that takes longer, and drops what it says after that. @throws Error then */
async function inTime<T>(limit: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      abort.abort();
      reject(new Error(`no answer within ${limit / 1000} s`));
    }, limit);
  });
  try {
    // The credentials of the machine are asked for without a signal.
    return await Promise.race([work(abort.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Longest pause between two rounds while AWS doesn't answer, in ms. */
const longest = 10_000;

/** Pause before the next round, in ms, measured from the beginning of the last one. @param chance from 0 to 1 */
export function pause(interval: number, failures: number, chance: number): number {
  const base = Math.min(longest, interval * 2 ** Math.max(0, failures - 1));
  // The more balancers ask in vain at the same time, the further they should get apart.
  const spread = failures > 1 ? 0.5 : 0.1;
  return base * (1 + spread * (2 * chance - 1));
}

/** Runs rounds for ever. */
export async function follow(follower: Follower, interval: number): Promise<never> {
  for (let failures = 0; ; ) {
    const begun = performance.now();
    failures = (await follower.round(begun)) ? 0 : failures + 1;
    const left = pause(interval, failures, Math.random()) - (performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, Math.max(50, left)));
  }
}
