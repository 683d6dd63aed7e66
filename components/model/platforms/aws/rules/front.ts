import { chosenZones } from "../instances.ts";
import { repeated } from "./repeated.ts";
import type { AwsRule } from "./rule.ts";

const path = "platform.front";

const insideHasNone: AwsRule = (_, { front: { internal, addresses } }) =>
  internal && addresses !== null
    ? [
        {
          code: "aws.front-inside",
          path: `${path}.addresses`,
          message: "the load balancer is inside the VPC alone, and Elastic IPs are addresses of the internet",
          hint: "leave them out, or set platform.front.internal to false",
        },
      ]
    : [];

const addressEachZone: AwsRule = (_, platform) => {
  const { addresses } = platform.front;
  const zones = chosenZones(platform).length;
  if (addresses === null) return [];
  const tooFew =
    addresses.length === zones || zones === 0
      ? []
      : [
          {
            code: "aws.front-addresses",
            path: `${path}.addresses`,
            message: `${addresses.length} Elastic IPs for ${zones} zones`,
            hint: "give one for each zone, in their order",
          },
        ];
  return [...repeated(addresses, `${path}.addresses`), ...tooFew];
};

export const frontRules: readonly AwsRule[] = [insideHasNone, addressEachZone];
