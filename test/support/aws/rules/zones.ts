import { zoneIdPrefix } from "../../../../components/model/platforms/aws/instances.ts";
import type { Problem, Subject } from "./types.ts";

/** Subnets stand in a zone of the region, and have 16 to 65,536 addresses (VPC user guide, Subnet CIDR blocks). */
export const checkZone =
  (region: string) =>
  ({ token, inputs }: Subject): Problem[] => {
    if (token !== "aws:ec2/subnet:Subnet") return [];
    const {
      availabilityZone,
      availabilityZoneId,
      cidrBlock: range,
    } = inputs as Readonly<Record<string, string>>;
    const zone = availabilityZone ?? availabilityZoneId;
    const form = availabilityZone === undefined ? `${zoneIdPrefix(region)}-az\\d` : `${region}[a-z]`;
    const size = Number(range?.split("/")[1]);
    return [
      ...(new RegExp(`^${form}$`).test(String(zone))
        ? []
        : [{ path: "availabilityZone", message: `"${zone}" is no zone of ${region}` }]),
      ...(size >= 16 && size <= 28 ? [] : [{ path: "cidrBlock", message: `"${range}" is not /16 to /28` }]),
    ];
  };
