import { arn, held, loose, type Making, type ResourceType } from "./types.ts";

const vpcType = "aws:ec2/vpc:Vpc";
const subnetType = "aws:ec2/subnet:Subnet";
const tableType = "aws:ec2/routeTable:RouteTable";
const securityGroupType = "aws:ec2/securityGroup:SecurityGroup";

/** Most things of EC2 have an identifier by their kind and an ARN by it. */
const ec2 = (prefix: string, kind: string) => (making: Making) => {
  const id = `${prefix}-${making.hex}`;
  return { id, arn: arn("ec2", making, `${kind}/${id}`) };
};

const rule: ResourceType = {
  // The rest is changed by ModifySecurityGroupRules.
  replaces: ["securityGroupId"],
  make: (making) => ({
    ...ec2("sgr", "security-group-rule")(making),
    securityGroupRuleId: `sgr-${making.hex}`,
  }),
  references: [
    loose("securityGroupId", securityGroupType),
    held("referencedSecurityGroupId", securityGroupType),
  ],
};

/** VPC, subnets, routes, security groups. Who holds whom: `DependencyViolation` in the EC2 API's error codes. */
export const networkTypes: Readonly<Record<string, ResourceType>> = {
  [vpcType]: {
    replaces: ["cidrBlock"],
    make: (making) => ({
      ...ec2("vpc", "vpc")(making),
      defaultSecurityGroupId: `sg-${making.hex}`,
      mainRouteTableId: `rtb-${making.hex}`,
    }),
    references: [],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    replaces: ["vpcId"],
    make: ec2("sg", "security-group"),
    // It comes and goes with its VPC.
    references: [loose("vpcId", vpcType)],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    replaces: [],
    make: ec2("igw", "internet-gateway"),
    references: [held("vpcId", vpcType)],
  },
  [tableType]: {
    replaces: ["vpcId"],
    make: ec2("rtb", "route-table"),
    references: [held("vpcId", vpcType)],
  },
  "aws:ec2/route:Route": {
    replaces: ["routeTableId", "destinationCidrBlock"],
    make: ({ inputs, hex }) => ({
      id: `r-${inputs.routeTableId}${hex}`,
      origin: "CreateRoute",
      state: "active",
    }),
    // A route to what is gone stays as a black hole; one in a table goes with it.
    references: [
      loose("routeTableId", tableType),
      loose("gatewayId", "aws:ec2/internetGateway:InternetGateway"),
      loose("natGatewayId", "aws:ec2/natGateway:NatGateway"),
    ],
  },
  [subnetType]: {
    replaces: ["vpcId", "availabilityZone", "availabilityZoneId", "cidrBlock"],
    make: ec2("subnet", "subnet"),
    references: [held("vpcId", vpcType)],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    replaces: ["subnetId"],
    make: ({ hex }) => ({ id: `rtbassoc-${hex}` }),
    references: [loose("subnetId", subnetType), held("routeTableId", tableType)],
  },
  "aws:ec2/eip:Eip": {
    replaces: ["domain"],
    make: (making) => ({
      id: `eipalloc-${making.hex}`,
      allocationId: `eipalloc-${making.hex}`,
      arn: arn("ec2", making, `elastic-ip/eipalloc-${making.hex}`),
      publicIp: "192.0.2.1",
    }),
    references: [],
  },
  "aws:ec2/natGateway:NatGateway": {
    replaces: ["allocationId", "subnetId", "connectivityType"],
    make: ({ hex }) => ({ id: `nat-${hex}`, networkInterfaceId: `eni-${hex}`, publicIp: "192.0.2.1" }),
    references: [held("allocationId", "aws:ec2/eip:Eip"), held("subnetId", subnetType)],
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    replaces: ["vpcId", "serviceName", "vpcEndpointType"],
    sets: ["subnetIds", "securityGroupIds", "routeTableIds"],
    make: (making) => ({ ...ec2("vpce", "vpc-endpoint")(making), state: "available" }),
    references: [
      held("vpcId", vpcType),
      held("subnetIds.*", subnetType),
      held("securityGroupIds.*", securityGroupType),
      loose("routeTableIds.*", tableType),
    ],
  },
  [securityGroupType]: {
    replaces: ["name", "description", "vpcId"],
    name: "name",
    make: (making) => ({ ...ec2("sg", "security-group")(making) }),
    references: [held("vpcId", vpcType)],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule,
  "aws:ec2/flowLog:FlowLog": {
    replaces: [
      "vpcId",
      "trafficType",
      "logDestinationType",
      "logDestination",
      "iamRoleArn",
      "logFormat",
      "maxAggregationInterval",
    ],
    make: ec2("fl", "vpc-flow-log"),
    references: [
      loose("vpcId", vpcType),
      loose("logDestination", "aws:cloudwatch/logGroup:LogGroup", "arn"),
      loose("iamRoleArn", "aws:iam/role:Role", "arn"),
    ],
  },
};
