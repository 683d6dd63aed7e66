import { z } from "zod";

/* From what balancers have counted to what happens now: pure. Counters only grow; one that is smaller than before belongs to a balancer
   that has begun anew. */

const countsSchema = z.object({
  pools: z.record(
    z.string(),
    z.object({
      answers: z
        .object({ count: z.number(), errors: z.number(), latency: z.record(z.string(), z.number()) })
        .optional(),
      members: z.union([
        z.array(
          z.object({ key: z.string(), weight: z.number(), requests: z.number(), inFlight: z.number() }),
        ),
        // Lua's empty list.
        z.record(z.string(), z.never()).transform(() => []),
      ]),
    }),
  ),
});

/** What a balancer has counted, of its status. */
export type BalancerCounts = z.infer<typeof countsSchema>;

/** Null for an answer that is none. */
export function readCounts(answer: unknown): BalancerCounts | null {
  return countsSchema.safeParse(answer).data ?? null;
}

/** All balancers' counts at a moment. */
export interface Sample {
  /** Milliseconds on a monotonic clock. */
  readonly at: number;
  readonly counts: ReadonlyMap<string, BalancerCounts>;
}

export interface Figures {
  /** Answers a second. */
  readonly rate: number;
  /** Answers a second that were 5xx. */
  readonly errors: number;
  /** Milliseconds within which 99 of 100 answers began; null where there were none. */
  readonly p99: number | null;
  /** Requests a second by balancer and by node. */
  readonly balancers: Readonly<Record<string, number>>;
  readonly nodes: Readonly<Record<string, number>>;
  readonly inFlight: Readonly<Record<string, number>>;
}

/** What happened between two samples. */
export function figuresOf(before: Sample | undefined, now: Sample): Figures {
  const seconds = before === undefined ? 0 : (now.at - before.at) / 1000;
  const perSecond = (count: number) => (seconds > 0 ? count / seconds : 0);
  const [balancers, nodes, inFlight] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const latency = new Map<number, number>();
  let [answers, errors] = [0, 0];
  const add = <K>(to: Map<K, number>, key: K, value: number) => to.set(key, (to.get(key) ?? 0) + value);
  for (const [balancer, { pools }] of now.counts) {
    for (const [name, pool] of Object.entries(pools)) {
      const old = before?.counts.get(balancer)?.pools[name];
      const grown = grower(before?.counts.has(balancer) === true);
      const answered = grown(pool.answers?.count ?? 0, old?.answers?.count);
      answers += answered;
      errors += grown(pool.answers?.errors ?? 0, old?.answers?.errors);
      add(balancers, balancer, perSecond(answered));
      for (const [upper, count] of Object.entries(pool.answers?.latency ?? {}))
        add(latency, Number(upper), grown(count, old?.answers?.latency[upper]));
      for (const { key, requests, inFlight: open } of pool.members) {
        const was = old?.members.find((member) => member.key === key);
        add(nodes, nodeOf(key), perSecond(grown(requests, was?.requests)));
        add(inFlight, nodeOf(key), open);
      }
    }
  }
  return {
    rate: perSecond(answers),
    errors: perSecond(errors),
    p99: percentile(latency, 0.99),
    balancers: Object.fromEntries(balancers),
    nodes: Object.fromEntries(nodes),
    inFlight: Object.fromEntries(inFlight),
  };
}

/** How much a counter has grown. What a balancer has counted before anybody looked is no news. */
function grower(wasSeen: boolean): (now: number, before: number | undefined) => number {
  return (now, before = wasSeen ? 0 : now) => (now >= before ? now - before : now);
}

/** A new member has another key while the one that it replaces serves beside it. */
const newcomer = /-new$/;
const nodeOf = (key: string) => key.replace(newcomer, "");

/** Share of the requests that new members get, 0 to 1; null where none are being brought in. */
export function newcomersShare(counts: ReadonlyMap<string, BalancerCounts>): number | null {
  const shares = [...counts.values()].flatMap(({ pools }) =>
    Object.values(pools).flatMap(({ members }) => {
      const weigh = (some: typeof members) => some.reduce((sum, { weight }) => sum + weight, 0);
      const fresh = members.filter(({ key }) => newcomer.test(key));
      return fresh.length === 0 ? [] : [weigh(fresh) / Math.max(weigh(members), 1e-9)];
    }),
  );
  return shares.length === 0 ? null : Math.max(...shares);
}

/** @param counts by the longest time of each bucket, in seconds @returns milliseconds */
function percentile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [upper, count] of [...counts].sort(([a], [b]) => a - b)) {
    seen += count;
    if (count > 0 && seen >= share * all) return upper * 1000;
  }
  return null;
}
