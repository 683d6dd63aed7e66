import type { BalancerControl } from "../../components/platform/planned/balancer-control.ts";
import { exitCodes, UserError } from "../exit.ts";
import { NothingRuns } from "../nothing-runs.ts";
import { platformFor } from "../platforms/select.ts";
import { Progress } from "../toolchain/progress.ts";
import { type BalancerStatus, readBalancerStatus } from "./balancer-status.ts";

/* The balancers of a stack, for whoever tells them something. */

/**
 * The balancers that run, by key.
 *
 * @param chosen what an engine of the platform chooses where they can't be told, and what does instead
 * @throws UserError where none runs, or none can be told anything
 */
export async function runningBalancers(
  stack: string,
  chosen: string,
): Promise<ReadonlyMap<string, BalancerControl>> {
  const platform = await platformFor(stack, new Progress());
  if (platform.balancers === undefined)
    throw new UserError(
      `"${stack}" is ${platform.place}, where an engine of the platform chooses ${chosen}`,
      exitCodes.usage,
    );
  const balancers = await platform.balancers(stack);
  if (balancers.size === 0) throw new NothingRuns(stack);
  return balancers;
}

/** What each balancer says of its members. @throws UserError where one doesn't answer: it would go on sending requests */
export async function statusesOf(balancers: ReadonlyMap<string, BalancerControl>): Promise<BalancerStatus[]> {
  return Promise.all(
    [...balancers].map(async ([key, balancer]) => {
      const status = readBalancerStatus(await balancer.status());
      if (status === null)
        throw new UserError(`${key} does not answer; nothing was changed`, exitCodes.degraded);
      return status;
    }),
  );
}
