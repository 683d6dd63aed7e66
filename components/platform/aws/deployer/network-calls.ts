import { tagged } from "./rights.ts";
import type { Calls } from "./types.ts";

const rule = (authorize: string, revoke: string): Calls =>
  tagged("network", "security-group-rule", {
    make: [authorize],
    beside: ["security-group"],
    keep: ["ModifySecurityGroupRules", revoke],
    look: ["DescribeSecurityGroupRules"],
  });

/** VPC, subnets, routes, security groups. */
export const networkCalls: Readonly<Record<string, Calls>> = {
  "aws:ec2/vpc:Vpc": tagged("network", "vpc", {
    make: ["CreateVpc"],
    keep: ["DeleteVpc", "ModifyVpcAttribute"],
    look: [
      "DescribeNetworkAcls",
      "DescribeRouteTables",
      "DescribeSecurityGroups",
      "DescribeVpcAttribute",
      "DescribeVpcs",
    ],
  }),
  // Adopted when the VPC is there: tagged, then emptied. How it is tagged first is a right of its own, in the policy.
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": tagged("network", "security-group", {
    keep: ["RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"],
    look: ["DescribeSecurityGroups"],
  }),
  "aws:ec2/internetGateway:InternetGateway": tagged("network", "internet-gateway", {
    make: ["CreateInternetGateway"],
    keep: ["AttachInternetGateway", "DeleteInternetGateway", "DetachInternetGateway"],
    look: ["DescribeInternetGateways"],
  }),
  "aws:ec2/routeTable:RouteTable": tagged("network", "route-table", {
    make: ["CreateRouteTable"],
    beside: ["vpc"],
    keep: ["DeleteRouteTable"],
    look: ["DescribeRouteTables"],
  }),
  "aws:ec2/route:Route": tagged("network", "route-table", {
    keep: ["CreateRoute", "DeleteRoute", "ReplaceRoute"],
    look: ["DescribeRouteTables"],
  }),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": tagged("network", "route-table", {
    keep: ["AssociateRouteTable", "DisassociateRouteTable", "ReplaceRouteTableAssociation"],
    look: ["DescribeRouteTables"],
  }),
  "aws:ec2/subnet:Subnet": tagged("network", "subnet", {
    make: ["CreateSubnet"],
    beside: ["vpc"],
    keep: ["DeleteSubnet", "ModifySubnetAttribute"],
    look: ["DescribeNetworkInterfaces", "DescribeSubnets"],
  }),
  "aws:ec2/eip:Eip": tagged("network", "elastic-ip", {
    make: ["AllocateAddress"],
    keep: ["DisassociateAddress", "ReleaseAddress"],
    look: ["DescribeAddresses", "DescribeAddressesAttribute"],
  }),
  "aws:ec2/natGateway:NatGateway": tagged("network", "natgateway", {
    make: ["CreateNatGateway"],
    beside: ["elastic-ip", "subnet"],
    keep: ["DeleteNatGateway"],
    look: ["DescribeNatGateways"],
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": tagged("network", "vpc-endpoint", {
    make: ["CreateVpcEndpoint"],
    beside: ["route-table", "security-group", "subnet", "vpc"],
    keep: ["DeleteVpcEndpoints", "ModifyVpcEndpoint"],
    look: ["DescribePrefixLists", "DescribeVpcEndpoints"],
  }),
  "aws:ec2/flowLog:FlowLog": tagged("network", "vpc-flow-log", {
    make: ["CreateFlowLogs"],
    beside: ["vpc"],
    keep: ["DeleteFlowLogs"],
    look: ["DescribeFlowLogs"],
  }),
  // A new group lets everything out; the provider takes that away.
  "aws:ec2/securityGroup:SecurityGroup": tagged("network", "security-group", {
    make: ["CreateSecurityGroup"],
    beside: ["vpc"],
    keep: ["DeleteSecurityGroup", "RevokeSecurityGroupEgress"],
    look: ["DescribeNetworkInterfaces", "DescribeSecurityGroups"],
  }),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule(
    "AuthorizeSecurityGroupIngress",
    "RevokeSecurityGroupIngress",
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule(
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupEgress",
  ),
};
