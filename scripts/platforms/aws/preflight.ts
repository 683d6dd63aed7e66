import type { AwsPlan } from "../../../components/plan/platforms/aws/types.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { asking } from "./errors.ts";
import { look } from "./look.ts";
import type { Subject } from "./observe.ts";
import type { Observed, ObservedFront } from "./observed.ts";
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
 * The provider replaces a Network Load Balancer when it is to leave a zone or to have other addresses, and AWS refuses to delete one that is protected: that
 * would come up half-way, with other changes made.
 *
 * @throws UserError
 */
export async function mustKeepFront({ stack, aws, access }: Subject, { front }: Observed): Promise<void> {
  if (front === null) return;
  const [reason] = whyReplaced(stack, aws, front);
  if (reason === undefined || !(await asking(access.region, () => isProtected(access, front.arn)))) return;
  throw new UserError(
    `${reason}, and it is protected from being made again. Take the change back; or, where clients may meet an outage and a new address, set protect: false, bring that up, and change it then`,
    exitCodes.stackProblems,
  );
}

/** What of a plan a load balancer that stands can't be changed to; none where there is nothing. */
export function whyReplaced(
  stack: string,
  { vpc, front: planned }: Pick<AwsPlan, "vpc" | "front">,
  front: ObservedFront,
): string[] {
  const zones = vpc.zones.length;
  const internal = planned.internal ?? false;
  const own = planned.addresses ?? [];
  const isKept = front.addresses.every((address) => own.includes(address));
  // AWS's own addresses can't be exchanged for others, nor the other way round.
  const isSame = isKept && (front.addresses.length > 0 || own.length === 0);
  const inside = (is: boolean) => (is ? "inside the VPC" : "for the internet");
  return [
    ...(front.zones.length <= zones
      ? []
      : [
          `platform.zones: ${zones} zones, and the load balancer of "${stack}" stands in ${front.zones.length}; it can't leave one`,
        ]),
    ...(front.internal === internal
      ? []
      : [
          `platform.front.internal: the load balancer of "${stack}" is ${inside(front.internal)}, and one that stands can't be ${inside(internal)}`,
        ]),
    ...(isSame
      ? []
      : [
          `platform.front.addresses: the load balancer of "${stack}" stands with ${front.addresses.length === 0 ? "AWS's own addresses" : front.addresses.join(", ")}, and gets others only when it is made`,
        ]),
  ];
}
