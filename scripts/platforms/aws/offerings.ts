import {
  DescribeInstanceTypeOfferingsCommand,
  type InstanceTypeOffering,
  type LocationType,
} from "@aws-sdk/client-ec2";
import { isZoneId } from "../../../components/model/platforms/aws/instances.ts";
import { exitCodes, UserError } from "../../exit.ts";
import type { AwsAccess } from "./access.ts";
import { asking } from "./errors.ts";
import type { Subject } from "./observe.ts";

/**
 * Not every zone has every type, and which does differs from account to account where zones go by name: a group there launches nothing,
 * or all of its machines in the others.
 *
 * @throws UserError that names zones which have them all
 */
export async function mustBeOffered({ access, plan, aws, stack }: Subject): Promise<void> {
  const zones = aws.vpc.zones.map(({ name }) => name);
  const types = [...new Set(plan.groups.map(({ machine }) => machine.type))];
  const offered = await asking(access.region, () =>
    offeringsOf(access, types, zones.some(isZoneId) ? "availability-zone-id" : "availability-zone"),
  );
  const missing = missingIn(
    plan.groups.map(({ key, machine, zones }) => ({ key, type: machine.type, zones })),
    offered,
  );
  if (missing.length === 0) return;
  const good = zonesWithAll(types, offered);
  const advice =
    good.length < 2
      ? "choose another type or region"
      : `name zones that have them, e.g. platform.zones: ${JSON.stringify(good.slice(0, Math.max(2, zones.length)))}, or choose another type`;
  throw new UserError(
    `platform.zones: ${missing.join("; ")} in this account, so "${stack}" would lack machines there; ${advice}`,
    exitCodes.stackProblems,
  );
}

async function offeringsOf(
  { ec2 }: AwsAccess,
  types: readonly string[],
  LocationType: LocationType,
): Promise<InstanceTypeOffering[]> {
  const Filters = [{ Name: "instance-type", Values: [...types] }];
  const { InstanceTypeOfferings = [] } = await ec2.send(
    new DescribeInstanceTypeOfferingsCommand({ LocationType, Filters }),
  );
  return InstanceTypeOfferings;
}

interface Wish {
  readonly key: string;
  readonly type: string;
  readonly zones: readonly string[];
}

/** Which zones lack which types that groups want there, a few words each. Where AWS says nothing at all of a type, nothing is said. */
export function missingIn(wishes: readonly Wish[], offered: readonly InstanceTypeOffering[]): string[] {
  const has = (type: string, zone: string) =>
    offered.some(({ InstanceType, Location }) => InstanceType === type && Location === zone);
  const lacking = wishes.flatMap(({ type, zones }) =>
    offered.some(({ InstanceType }) => InstanceType === type)
      ? zones.filter((zone) => !has(type, zone)).map((zone) => `${zone} has no ${type}`)
      : [],
  );
  return [...new Set(lacking)];
}

/** Zones that have all of the types, in order. */
export function zonesWithAll(types: readonly string[], offered: readonly InstanceTypeOffering[]): string[] {
  const byZone = Map.groupBy(offered, ({ Location }) => Location ?? "");
  return [...byZone]
    .filter(([, own]) => types.every((type) => own.some(({ InstanceType }) => InstanceType === type)))
    .map(([zone]) => zone)
    .sort();
}
