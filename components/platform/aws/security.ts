import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { clusterNames } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { AwsPlan } from "../../plan/platforms/aws/types.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";
import type { Place } from "../contract.ts";
import { type Children, needed, ownerKey, tags } from "./parts.ts";

/** Who may talk to whom by which port. A peer is a network or another security group. */
export interface Opening {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** Group of the load balancer and, without NAT, of the endpoints; the machines' have the keys of {@link ownerKey}. */
const frontKey = "front";
const endpointsKey = "endpoints";

/**
 * All that is open inside the cluster, between security groups by key. Written once: each opening becomes a rule that lets out
 * on one side and one that lets in on the other.
 */
function openings(cluster: ClusterPlan): Opening[] {
  const { groups } = cluster;
  const plan = awsPlanOf(cluster);
  const balancers = groups.filter(({ role }) => role === "balancer");
  const nodes = groups.filter(({ role }) => role !== "balancer");
  const toBalancers = balancers.flatMap((group) => {
    const to = ownerKey(group);
    const ports = [
      ...plan.front.listeners.map(({ port }) => port),
      ...(group.service.kind === "balancer" ? [group.service.health.port] : []),
    ];
    return ports.map((port) => ({ from: frontKey, to, port }));
  });
  const toNodes = nodes.flatMap((group) => {
    if (group.service.kind !== "node") return [];
    const [to, { port }] = [ownerKey(group), group.service];
    // The balancers by the members' port, the load balancer for its checks.
    return [
      { from: ownerKey({ pool: null }), to, port },
      { from: frontKey, to, port },
    ];
  });
  return unique([...toBalancers, ...toNodes, ...toEndpoints(plan, groups)]);
}

function toEndpoints(plan: AwsPlan, groups: readonly GroupPlan[]): Opening[] {
  if (!hasEndpoints(plan)) return [];
  return groups.map((group) => ({ from: ownerKey(group), to: endpointsKey, port: 443 }));
}

const hasEndpoints = ({ vpc }: AwsPlan) => vpc.kind === "own" && vpc.nat === "none";

function unique(list: readonly Opening[]): Opening[] {
  const text = (opening: Opening) => `${opening.from}-${opening.to}-${opening.port}`;
  return [...new Map(list.map((opening) => [text(opening), opening])).values()];
}

/** One security group for the load balancer, one for the balancers, one a pool; nothing is open that isn't needed. */
export function createSecurityGroups(
  name: string,
  place: Place,
  vpcId: pulumi.Input<string>,
  children: Children,
): { front: aws.ec2.SecurityGroup; machines: ReadonlyMap<string, aws.ec2.SecurityGroup> } {
  const { plan } = place;
  const keys = [
    ...new Set([frontKey, ...plan.groups.map(ownerKey)]),
    ...(hasEndpoints(awsPlanOf(plan)) ? [endpointsKey] : []),
  ];
  const all = new Map(keys.map((key) => [key, createGroup(name, place, vpcId, key, children)]));
  const rules = new Rules(name, place, all, children);
  const { clients, front, reach } = awsPlanOf(plan);
  for (const { port } of front.listeners)
    for (const network of clients) rules.letIn(frontKey, network, port, "clients");
  for (const opening of openings(plan)) rules.between(opening);
  for (const key of machineKeys(plan)) {
    // Packages, AWS's own interfaces, registries. Names and time come from the VPC itself, past all groups.
    for (const port of [80, 443]) rules.letOut(key, "0.0.0.0/0", port, "web");
    if (key === ownerKey({ pool: null })) continue;
    for (const { network, port } of reach) rules.letOut(key, network, port, "reach");
  }
  return { front: needed(all, frontKey), machines: all };
}

const machineKeys = (plan: ClusterPlan) => [...new Set(plan.groups.map(ownerKey))];

function createGroup(
  name: string,
  place: Place,
  vpcId: pulumi.Input<string>,
  key: string,
  children: Children,
): aws.ec2.SecurityGroup {
  const groupName = `${clusterNames(place.plan).dashboard}-${key}`;
  const args = {
    name: groupName,
    description: `${key} of cluster ${place.plan.cluster}`,
    vpcId,
    tags: tags(place, groupName),
  };
  return children.add(`${key}-group`, new aws.ec2.SecurityGroup(`${name}-${key}-group`, args, place.options));
}

/** Makes rules, each a resource of its own, so that a change of one touches no other. */
class Rules {
  private readonly name: string;
  private readonly place: Place;
  private readonly groups: ReadonlyMap<string, aws.ec2.SecurityGroup>;
  private readonly children: Children;

  constructor(
    name: string,
    place: Place,
    groups: ReadonlyMap<string, aws.ec2.SecurityGroup>,
    children: Children,
  ) {
    this.name = name;
    this.place = place;
    this.groups = groups;
    this.children = children;
  }

  between({ from, to, port }: Opening): void {
    const [source, target] = [needed(this.groups, from), needed(this.groups, to)];
    this.rule("egress", from, `${to}-${port}`, port, { referencedSecurityGroupId: target.id });
    this.rule("ingress", to, `${from}-${port}`, port, { referencedSecurityGroupId: source.id });
  }

  letIn(key: string, cidrIpv4: string, port: number, why: string): void {
    this.rule("ingress", key, `${why}-${slug(cidrIpv4)}-${port}`, port, { cidrIpv4 });
  }

  letOut(key: string, cidrIpv4: string, port: number, why: string): void {
    this.rule("egress", key, `${why}-${slug(cidrIpv4)}-${port}`, port, { cidrIpv4 });
  }

  private rule(
    direction: "ingress" | "egress",
    key: string,
    what: string,
    port: number,
    peer: { cidrIpv4: string } | { referencedSecurityGroupId: pulumi.Input<string> },
  ): void {
    const child = `${key}-${direction === "ingress" ? "from" : "to"}-${what}`;
    const args = {
      securityGroupId: needed(this.groups, key).id,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      ...peer,
      description: child,
      tags: tags(this.place, child),
    };
    const name = `${this.name}-${child}`;
    const { options } = this.place;
    this.children.add(
      child,
      direction === "ingress"
        ? new aws.vpc.SecurityGroupIngressRule(name, args, options)
        : new aws.vpc.SecurityGroupEgressRule(name, args, options),
    );
  }
}

const slug = (cidr: string) => cidr.replaceAll(/[./]/g, "-");
