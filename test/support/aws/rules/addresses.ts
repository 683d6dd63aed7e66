import { contains, parseSubnet, subnetSize } from "../../../../components/model/ip.ts";
import { isUnknown } from "../catalogue/types.ts";
import { ofType, on, type Problem, type RuleBeside, refuse, textAt } from "./types.ts";

/** Networks must begin at their first address; the EC2 API says `InvalidParameterValue` of others. */
function checkNetwork(text: string | null, path: string): Problem[] {
  return refuse(
    text !== null && parseSubnet(text) === null,
    path,
    `"${text}" is not the first address of an IPv4 network with its prefix (RFC 4632)`,
  );
}

export const addressRules = [
  on(["ec2/vpc:Vpc"], (inputs) => {
    const range = textAt(inputs, "cidrBlock");
    const prefix = Number(range?.split("/")[1]);
    return [
      ...checkNetwork(range, "cidrBlock"),
      ...refuse(
        prefix < 16 || prefix > 28,
        "cidrBlock",
        `"${range}" is not /16 to /28 (VPC user guide, VPC CIDR blocks)`,
      ),
    ];
  }),
  on(["ec2/subnet:Subnet"], (inputs) => checkNetwork(textAt(inputs, "cidrBlock"), "cidrBlock")),
  on(["ec2/route:Route"], (inputs) => [
    ...checkNetwork(textAt(inputs, "destinationCidrBlock"), "destinationCidrBlock"),
    ...refuse(
      ["gatewayId", "natGatewayId"].filter((key) => inputs[key] !== undefined).length !== 1,
      "gatewayId",
      "a route leads to exactly one target (EC2 API, CreateRoute)",
    ),
  ]),
  on(
    [
      "vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ],
    (inputs) => [
      ...checkNetwork(textAt(inputs, "cidrIpv4"), "cidrIpv4"),
      ...refuse(
        (inputs.cidrIpv4 === undefined) === (inputs.referencedSecurityGroupId === undefined),
        "cidrIpv4",
        "a rule has exactly one peer (EC2 API, IpPermission)",
      ),
      ...refuse(
        Number(inputs.fromPort) > Number(inputs.toPort),
        "fromPort",
        `${inputs.fromPort} to ${inputs.toPort} is no range (EC2 API, IpPermission)`,
      ),
    ],
  ),
  on(["ec2/vpcEndpoint:VpcEndpoint"], (inputs) => {
    const { vpcEndpointType: type, subnetIds = [], securityGroupIds = [], routeTableIds = [] } = inputs;
    const lists = { subnetIds, securityGroupIds, routeTableIds } as Record<string, readonly unknown[]>;
    const needs = type === "Gateway" ? ["routeTableIds"] : ["subnetIds", "securityGroupIds"];
    return needs.flatMap((key) =>
      refuse(
        lists[key]?.length === 0,
        key,
        `an endpoint of type ${type} without ${key} reaches nobody (VPC user guide, Endpoints)`,
      ),
    );
  }),
];

/** Subnets lie inside their VPC and apart from its other ones (`InvalidSubnet.Range`, `InvalidSubnet.Conflict`). */
export const subnetsFit: RuleBeside = ({ token, inputs }, others) => {
  if (token !== "aws:ec2/subnet:Subnet" || isUnknown(inputs.vpcId)) return [];
  const own = parseSubnet(textAt(inputs, "cidrBlock") ?? "");
  const vpc = ofType(others, "ec2/vpc:Vpc").find(({ outputs }) => outputs.id === inputs.vpcId);
  const range = parseSubnet(String(vpc?.inputs.cidrBlock));
  if (own === null || range === null) return [];
  const last = own.base + subnetSize(own) - 1;
  const clashes = ofType(others, "ec2/subnet:Subnet").filter((other) => {
    const there = parseSubnet(String(other.inputs.cidrBlock));
    if (there === null || other.inputs.vpcId !== inputs.vpcId) return false;
    return contains(there, own.base) || contains(own, there.base);
  });
  return [
    ...refuse(
      !contains(range, own.base) || !contains(range, last),
      "cidrBlock",
      `${inputs.cidrBlock} is not in the VPC's ${vpc?.inputs.cidrBlock} (EC2 API, InvalidSubnet.Range)`,
    ),
    ...clashes.flatMap((other) =>
      refuse(
        true,
        "cidrBlock",
        `${inputs.cidrBlock} overlaps with ${other.inputs.cidrBlock} (EC2 API, InvalidSubnet.Conflict)`,
      ),
    ),
  ];
};
