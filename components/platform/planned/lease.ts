import { runningBalancers } from "./balancer-control.ts";
import type { DeliveryTransport } from "./transport.ts";

/** Seconds that one grant lasts: a crashed `up` holds the wardens up for no longer. */
const term = 30;

/** Milliseconds between two grants: two may fail before the lease ends. */
const renewal = 10_000;

/**
 * Holds the lease on a cluster for as long as this process runs: the wardens then start, stop and demote nobody, so that they
 * and the change under way don't undo each other. Balancers that don't answer, or don't exist yet, need none.
 */
export async function holdLease(
  transport: DeliveryTransport,
  labels: Readonly<Record<string, string>>,
  holder: string,
): Promise<void> {
  const grant = async () => {
    const balancers = await runningBalancers(transport, labels);
    await Promise.allSettled(balancers.map((balancer) => balancer.lease(holder, term)));
  };
  await grant();
  const timer = setInterval(grant, renewal);
  timer.unref();
  process.once("beforeExit", async () => {
    clearInterval(timer);
    const balancers = await runningBalancers(transport, labels).catch(() => []);
    await Promise.allSettled(balancers.map((balancer) => balancer.release()));
  });
}
