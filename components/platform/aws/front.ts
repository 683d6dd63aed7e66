import * as aws from "@pulumi/aws";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { FrontPlan } from "../../plan/platforms/aws/types.ts";
import type { NetworkedPlace } from "../contract.ts";
import type { AwsAccess } from "./access.ts";
import { type AwsNetwork, type Children, networkOf, tags } from "./parts.ts";

/** The Network Load Balancer that clients meet. */
export function createFront(
  name: string,
  place: NetworkedPlace,
  { transform }: AwsAccess,
  children: Children,
): aws.lb.LoadBalancer {
  const network = networkOf(place.network);
  const { front } = awsPlanOf(place.plan);
  const args = {
    name: front.name,
    loadBalancerType: "network",
    internal: front.internal ?? false,
    ...subnetsOf(front, network),
    securityGroups: [network.frontGroup.id],
    // Every zone's address reaches the balancers of all: the loss of one zone's balancers makes no zone's clients wait.
    enableCrossZoneLoadBalancing: true,
    enableDeletionProtection: place.plan.protect,
    tags: tags(place, front.name),
  };
  return children.add(
    "front",
    new aws.lb.LoadBalancer(`${name}-front`, transform?.loadBalancer?.(args) ?? args, {
      ...place.options,
      // Its name is taken as long as it is there.
      deleteBeforeReplace: true,
    }),
  );
}

/** Where it stands, zone by zone, and with which addresses. */
function subnetsOf(
  { internal, addresses }: FrontPlan,
  network: AwsNetwork,
): Pick<aws.lb.LoadBalancerArgs, "subnets" | "subnetMappings"> {
  const subnets = [...(internal ? network.privateSubnets : network.publicSubnets).values()];
  if (addresses === undefined) return { subnets };
  return {
    subnetMappings: addresses.flatMap((allocationId, index) => {
      const subnetId = subnets[index];
      return subnetId === undefined ? [] : [{ subnetId, allocationId }];
    }),
  };
}

/** Its name in Route 53, where the stack has one. An alias costs nothing, and is no answer while no balancer is healthy. */
export function createName(
  name: string,
  place: NetworkedPlace,
  { dnsName, zoneId }: aws.lb.LoadBalancer,
  children: Children,
): void {
  const { dns } = awsPlanOf(place.plan).front;
  if (dns === undefined) return;
  const args = {
    zoneId: dns.zone,
    name: dns.name,
    type: "A",
    aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: true }],
    ...(dns.failover === null
      ? {}
      : {
          setIdentifier: `${place.plan.cluster}-${dns.failover}`,
          failoverRoutingPolicies: [{ type: dns.failover.toUpperCase() }],
        }),
  };
  children.add("name", new aws.route53.Record(`${name}-name`, args, place.options));
}
