import { z } from "zod";
import type { BalancerControl } from "./balancer-control.ts";

/*
 * How a node is changed where it stands, when there is no second one beside it: every balancer is told that it is drained, what is
 * under way there ends, the work is done, and it comes back when the balancers' own checks call it healthy. In the operator's
 * document, so that neither a warden nor the members that `up` writes later undo it half-way.
 */

/** Milliseconds. */
export interface OutPace {
  /** How long requests under way may take. */
  readonly drain: number;
  /** How long it may take until it is healthy again. */
  readonly patience: number;
}

const member = z.object({
  key: z.string(),
  role: z.string().optional(),
  desiredRole: z.string().optional(),
  inRotation: z.boolean().optional(),
  healthy: z.boolean().nullable(),
  out: z.boolean().optional(),
  inFlight: z.number(),
});
const seen = z.object({ pools: z.record(z.string(), z.object({ members: z.array(member) })) });
type Member = z.infer<typeof member>;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/**
 * Does work on a node while no request goes there.
 *
 * @param balancers all that run; none: the work is done at once
 * @throws Error when no other node of its pool could serve meanwhile; and what the work throws, with the node back in service
 */
export async function outOfService<T>(
  balancers: readonly BalancerControl[],
  key: string,
  pace: OutPace,
  work: () => Promise<T>,
): Promise<T> {
  const known = (await Promise.all(balancers.map((balancer) => peersAt(balancer, key)))).filter(
    (peers) => peers !== null,
  );
  // Nobody sends it requests: it is new.
  if (known.length === 0) return work();
  if (known.some(({ others }) => others.length > 0 && !others.some(couldServe)))
    throw new Error(
      `${key} is the only node of its pool that could serve, so nothing was changed; bring another one back first`,
    );
  await say(balancers, key, { state: "drained", reason: "up: its files are being changed" });
  try {
    await until(pace.drain, async () =>
      (await lookAt(balancers, key)).every(({ inFlight }) => inFlight === 0),
    );
    const done = await work();
    await until(pace.patience, async () =>
      (await lookAt(balancers, key)).every(({ healthy }) => healthy === true),
    );
    return done;
  } finally {
    await say(balancers, key, null);
  }
}

/** Whether a balancer that answers sends a node requests, or a warden has put it in place of another: a cold standby, of itself, has neither. */
export async function isInService(balancers: readonly BalancerControl[], key: string): Promise<boolean> {
  const asked = await Promise.allSettled(balancers.map((balancer) => peersAt(balancer, key)));
  return asked
    .flatMap((one) => (one.status === "fulfilled" ? (one.value?.own ?? []) : []))
    .some(
      ({ role, desiredRole, inRotation }) =>
        inRotation === true || (role === "active" && desiredRole !== "active"),
    );
}

const couldServe = ({ desiredRole, healthy, out }: Member) =>
  desiredRole !== "cold" && healthy === true && out !== true;

/** A member and the others of its pool, as a balancer sees them; null where it doesn't know it, or doesn't answer. */
async function peersAt(balancer: BalancerControl, key: string) {
  const status = seen.safeParse(await balancer.status());
  if (!status.success) return null;
  const pool = Object.values(status.data.pools).find(({ members }) => members.some((one) => one.key === key));
  if (pool === undefined) return null;
  return {
    own: pool.members.filter((one) => one.key === key),
    others: pool.members.filter((one) => one.key !== key),
  };
}

/** The member at all balancers that answer. */
async function lookAt(balancers: readonly BalancerControl[], key: string): Promise<Member[]> {
  const all = await Promise.all(balancers.map((balancer) => peersAt(balancer, key)));
  return all.flatMap((peers) => peers?.own ?? []);
}

async function say(
  balancers: readonly BalancerControl[],
  key: string,
  entry: { readonly state: "drained"; readonly reason: string } | null,
): Promise<void> {
  await Promise.allSettled(balancers.map((balancer) => balancer.changeOperator("up", key, entry)));
}

/** Waits until something is so, and no longer than that; a stream may last for ever. */
async function until(milliseconds: number, test: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await pause(100)) if (await test()) return;
}
