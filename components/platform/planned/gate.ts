import type { Member, MembersDocument } from "../../model/members-document.ts";
import { formatDuration } from "../../model/units.ts";
import type { BalancerControl } from "./balancer-control.ts";
import { newcomers } from "./members-document.ts";
import type { AskStory, RolloutPace, TellProgress } from "./pace.ts";
import { checkUrl } from "./probe.ts";
import { tellFailing } from "./story.ts";

/*
 * The gate of a roll-out: each new node passes its own check twice in a row before a balancer hears of it. A node has the time of
 * its pool's `health.startup`, all of them together that of `rollout.patience`.
 */

export interface GateArgs {
  readonly current: MembersDocument;
  readonly desired: MembersDocument;
  readonly pace: RolloutPace;
  readonly story: AskStory;
  readonly tell: TellProgress;
}

/** Milliseconds between two questions to a node, and to the platform about its process. */
const pause = 200;
const storyPause = 2_000;

/** A node that has ended so often won't pass by waiting: the pause before each start doubles. */
const tooOften = 5;

/** @throws Error that says which node failed, what it answered, how it ended and what it wrote last; nothing was changed */
export async function gate(here: BalancerControl, args: GateArgs): Promise<void> {
  const fresh = newcomers(args.current, args.desired);
  const tally = new Tally(fresh.length, args.tell);
  await Promise.all(fresh.map((member) => pass(here, member, args, tally)));
}

/** How many pass, and what one of the others was answered last. */
class Tally {
  readonly #all: number;
  readonly #tell: TellProgress;
  #passed = 0;
  #told = "";

  constructor(all: number, tell: TellProgress) {
    this.#all = all;
    this.#tell = tell;
  }

  pass(): void {
    this.#passed += 1;
    this.#say("");
  }

  answer(key: string, answer: string): void {
    this.#say(`, ${key} is not healthy (${answer})`);
  }

  #say(more: string): void {
    const text = `gate: ${this.#passed} of ${this.#all} new nodes pass${more}`;
    if (text !== this.#told) this.#tell(text);
    this.#told = text;
  }
}

async function pass(
  here: BalancerControl,
  member: Member,
  { desired, pace, story }: GateArgs,
  tally: Tally,
): Promise<void> {
  const began = Date.now();
  const { pool, health } = poolOf(desired, member.key);
  const { startup = pace.patience, shownAs = pool } = pace.pools?.[pool] ?? {};
  const limit = Math.min(startup, pace.patience);
  const url = checkUrl(member, health);
  const refuse = async (reason: string, within: string) => {
    const told = { key: member.key, pool: shownAs, port: member.port, answer: reason };
    const known = await story(member).catch(() => null);
    return new Error(
      `${member.key} does not pass its health check at ${url}${within} (${reason}); nothing was changed, the nodes that serve go on\n${tellFailing({ ...told, story: known })}`,
    );
  };
  for (let passed = 0, asked = began; passed < 2; ) {
    const reason = await here.probe(url, health);
    passed = reason === null ? passed + 1 : 0;
    if (passed === 2) tally.pass();
    if (reason !== null) tally.answer(member.key, reason);
    if (reason !== null && Date.now() - began > limit) {
      const option = limit < startup ? "rollout.patience" : `pools.${shownAs}.health.startup`;
      throw await refuse(
        reason,
        ` within ${formatDuration(limit)}, the time of ${option} in which a node has to start`,
      );
    }
    if (reason !== null && Date.now() - asked > storyPause) {
      asked = Date.now();
      const { restarts = 0 } = (await story(member).catch(() => null)) ?? {};
      if (restarts >= tooOften) throw await refuse(reason, "");
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function poolOf(document: MembersDocument, key: string) {
  const pools = Object.entries(document.pools);
  const found = pools.find(([, { members }]) => members.some((member) => member.key === key));
  if (found === undefined) throw new Error(`${key} is in no pool of the document that it is from`);
  const [pool, { health }] = found;
  return { pool, health };
}
