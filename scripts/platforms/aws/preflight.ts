import { exitCodes, UserError } from "../../exit.ts";
import { asking } from "./errors.ts";
import { look } from "./look.ts";
import type { Subject } from "./observe.ts";
import type { Observed } from "./observed.ts";
import { isProtected } from "./protection.ts";

/**
 * What is there before anything is changed. Asked first of all, so that who isn't signed in, or is with another account, hears of it
 * at once and not after a toolchain was made.
 *
 * @throws UserError
 */
export async function lookBefore({ access, plan, aws }: Subject): Promise<Observed> {
  await asking(access.region, async () => {
    const { accountId } = await access.autoScaling.config.credentials();
    if (aws.account !== null && accountId !== undefined && accountId !== aws.account)
      throw wrongAccount(accountId, aws.account);
  });
  return look(access, plan, aws);
}

function wrongAccount(actual: string, planned: string): UserError {
  return new UserError(
    `platform.account: this stack belongs into the account ${planned}, and these credentials are of ${actual}; choose others by AWS_PROFILE, or change platform.account`,
    exitCodes.stackProblems,
  );
}

/**
 * The provider replaces a Network Load Balancer when it is to leave a zone, and AWS refuses to delete one that is protected: that
 * would come up half-way, with other changes made.
 *
 * @throws UserError
 */
export async function mustKeepZones({ stack, aws, access }: Subject, { front }: Observed): Promise<void> {
  const zones = aws.vpc.zones.length;
  if (front === null || front.zones.length <= zones) return;
  if (!(await asking(access.region, () => isProtected(access, front.arn)))) return;
  throw new UserError(
    `platform.zones: ${zones} zones, and the load balancer of "${stack}" stands in ${front.zones.length}; it can't leave one, and it is protected from being made again. Name the zone again; or, where clients may meet an outage and a new address, set protect: false, bring that up, and take the zone away then`,
    exitCodes.stackProblems,
  );
}
