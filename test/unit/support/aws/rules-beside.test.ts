import { expect, test } from "vitest";
import { checkBeside, cycle, type Neighbour } from "../../../support/aws/rules/index.ts";

/* What the stand-in for AWS refuses of one resource because of the others that are there. */

const of = (type: string, inputs: object, outputs: object = {}): Neighbour => ({
  token: `aws:${type}`,
  inputs: { ...inputs },
  outputs: { ...outputs },
});
const many = (count: number, make: (index: number) => Neighbour) =>
  Array.from({ length: count }, (_, index) => make(index));

const vpc = of("ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/22" }, { id: "vpc-1" });
const subnet = (cidrBlock: string, fields: object = {}, outputs: object = {}) =>
  of("ec2/subnet:Subnet", { cidrBlock, vpcId: "vpc-1", availabilityZone: "a", ...fields }, outputs);
const ingress = (fromPort: number, fields: object = {}) =>
  of("vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
    securityGroupId: "sg-1",
    ipProtocol: "tcp",
    fromPort,
    toPort: fromPort,
    cidrIpv4: "10.0.0.0/8",
    ...fields,
  });
const egress = of("vpc/securityGroupEgressRule:SecurityGroupEgressRule", ingress(80).inputs);
const listener = (port: number, fields: object = {}) =>
  of("lb/listener:Listener", {
    loadBalancerArn: "lb",
    port,
    protocol: "TCP",
    defaultActions: [{ targetGroupArn: "tg" }],
    ...fields,
  });
const target = (protocol: string) => of("lb/targetGroup:TargetGroup", { protocol }, { arn: "tg" });
const front = of("lb/loadBalancer:LoadBalancer", { subnets: ["s-1", "s-2"] });
const group = (fields: object) => of("autoscaling/group:Group", { vpcZoneIdentifiers: ["s-1"], ...fields });
const template = (fields: object) =>
  of(
    "ec2/launchTemplate:LaunchTemplate",
    {
      hibernationOptions: { configured: true },
      blockDeviceMappings: [{ ebs: { encrypted: "true" } }],
      ...fields,
    },
    { id: "lt-1" },
  );
const hibernated = group({ warmPool: { poolState: "Hibernated" }, launchTemplate: { id: "lt-1" } });
const spread = (strategy: string) => of("ec2/placementGroup:PlacementGroup", { name: "p", strategy });
const rights = (length: number, role = "r") =>
  of("iam/rolePolicy:RolePolicy", { role, policy: "p".repeat(length) });

const fine: readonly (readonly [string, Neighbour, readonly Neighbour[]])[] = [
  ["a subnet beside another", subnet("10.0.1.0/24"), [vpc, subnet("10.0.0.0/24")]],
  ["one of another VPC", subnet("10.0.0.0/24", { vpcId: "vpc-2" }), [vpc, subnet("10.0.0.0/24")]],
  ["another port", ingress(81), [ingress(80)]],
  ["the same the other way", ingress(80), [egress]],
  ["the same for another group", ingress(80), [ingress(80, { securityGroupId: "sg-2" })]],
  ["sixty rules", ingress(1000), many(59, ingress)],
  ["another listener", listener(81), [listener(80)]],
  ["the same port of another one", listener(80), [listener(80, { loadBalancerArn: "other" })]],
  ["fifty listeners", listener(1000), many(49, listener)],
  ["TLS to TCP", listener(80, { protocol: "TLS" }), [target("TCP")]],
  ["a subnet in each zone", front, [zone("a", "s-1"), zone("b", "s-2")]],
  ["a prepared template", hibernated, [template({})]],
  ["seven on racks", group({ placementGroup: "p", maxSize: 7 }), [spread("spread")]],
  ["eight in partitions", group({ placementGroup: "p", maxSize: 8 }), [spread("partition")]],
  ["policies within the limit", rights(5120), [rights(5120), rights(5120, "other")]],
];

function zone(availabilityZone: string, id: string): Neighbour {
  return subnet("10.0.0.0/24", { availabilityZone }, { id });
}

const bad: readonly (readonly [string, Neighbour, readonly Neighbour[], string])[] = [
  ["a subnet outside its VPC", subnet("10.0.4.0/24"), [vpc], "cidrBlock"],
  ["one that begins inside and ends outside", subnet("10.0.0.0/21"), [vpc], "cidrBlock"],
  ["one in another", subnet("10.0.0.128/25"), [vpc, subnet("10.0.0.0/24")], "cidrBlock"],
  ["one around another", subnet("10.0.0.0/23"), [vpc, subnet("10.0.1.0/24")], "cidrBlock"],
  ["a rule twice", ingress(80), [ingress(80)], "securityGroupId"],
  ["rule 61", ingress(1000), many(60, ingress), "securityGroupId"],
  ["a port twice", listener(80), [listener(80)], "port"],
  ["listener 51", listener(1000), many(50, listener), "loadBalancerArn"],
  ["TCP to TLS", listener(80), [target("TLS")], "defaultActions.*.targetGroupArn"],
  ["TLS to UDP", listener(80, { protocol: "TLS" }), [target("UDP")], "defaultActions.*.targetGroupArn"],
  ["two subnets of one zone", front, [zone("a", "s-1"), zone("a", "s-2")], "subnets"],
  ["a template without it", hibernated, [template({ hibernationOptions: {} })], "warmPool.poolState"],
  [
    "a plain disk",
    hibernated,
    [template({ blockDeviceMappings: [{ ebs: { encrypted: "false" } }] })],
    "warmPool.poolState",
  ],
  ["eight on racks", group({ placementGroup: "p", maxSize: 8 }), [spread("spread")], "placementGroup"],
  ["policies beyond the limit", rights(5121), [rights(5120)], "policy"],
];

test.each(fine)("%s is taken", (_, subject, others) => {
  expect(checkBeside(subject, others)).toEqual([]);
});

test.each(bad)("%s is refused", (_, subject, others, path) => {
  expect(checkBeside(subject, others).map((problem) => problem.path)).toEqual([path]);
});

test("who waits in a circle is told with the whole way round", () => {
  const waiting = (urn: string, dependsOn: string[], parent = "") => ({ urn, parent, dependsOn });
  expect(
    cycle([waiting("a", ["b"]), waiting("b", ["c"]), waiting("c", []), waiting("d", ["b", "c"])]),
  ).toBeNull();
  expect(
    cycle([waiting("x", ["a"]), waiting("a", ["b"]), waiting("b", [], "c"), waiting("c", ["a"])]),
  ).toEqual(["a", "b", "c", "a"]);
});
