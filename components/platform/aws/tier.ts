import * as aws from "@pulumi/aws";
import { targetGroupName } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { CheckPlan } from "../../plan/platforms/aws/types.ts";
import type { GroupPlan } from "../../plan/types.ts";
import type { GroupPlace, NetworkedPlace, ProvisionedGroup, ProvisionedTier } from "../contract.ts";
import type { AwsAccess } from "./access.ts";
import type { Attachment } from "./attachment.ts";
import { createFront, createName } from "./front.ts";
import { createGroup } from "./group.ts";
import { Children, networkOf, tags } from "./parts.ts";

/** The tier with what groups of nodes need of it. */
interface AwsTier extends ProvisionedTier {
  readonly loadBalancer: aws.lb.LoadBalancer;
}

/** The Network Load Balancer, which is the virtual address, and the group of balancers behind it. */
export function createTier(name: string, group: GroupPlan, place: NetworkedPlace, args: AwsAccess): AwsTier {
  const children = new Children();
  const loadBalancer = createFront(name, place, args, children);
  createName(name, place, loadBalancer, children);
  const targets: aws.lb.TargetGroup[] = [];
  const listeners: aws.lb.Listener[] = [];
  const { front } = awsPlanOf(place.plan);
  for (const { key, port, protocol, certificate } of front.listeners) {
    const target = createTargetGroup(`${name}-${key}`, group, port, place, balancerCheck(group));
    targets.push(children.add(`${key}-targets`, target));
    const kind =
      certificate === null
        ? { tcpIdleTimeoutSeconds: seconds(front.idleTimeout) }
        : {
            certificateArn: certificate,
            sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
            // Without a policy clients are offered HTTP/1.1 alone; nginx takes both on one port (from 1.25.1 on).
            alpnPolicy: "HTTP2Preferred",
          };
    const listener = createListener(
      `${name}-${key}`,
      { port, protocol, ...kind },
      loadBalancer,
      target,
      place,
    );
    listeners.push(children.add(`${key}-listener`, listener));
  }
  const made = createGroup(name, group, place, args, { targets, listeners, loadBalancer }, children);
  return { ...made, address: loadBalancer.dnsName, loadBalancer };
}

/** A group of nodes: behind the balancers, and checked by the load balancer on behalf of its group. */
export function createNodes(
  name: string,
  group: GroupPlan,
  place: GroupPlace,
  args: AwsAccess,
): ProvisionedGroup {
  if (group.service.kind !== "node") throw new Error(`${name}: group ${group.key} has no nodes in it`);
  const { loadBalancer } = place.tier as AwsTier;
  const children = new Children();
  const check = awsPlanOf(place.plan).front.checks.find((candidate) => candidate.group === group.key);
  if (check === undefined) throw new Error(`${name}: the plan has no check for group ${group.key}`);
  const target = children.add(
    "targets",
    createTargetGroup(name, group, group.service.port, place, liveCheck(check, group)),
  );
  const listener = children.add(
    "listener",
    createListener(name, { port: check.port, protocol: "TCP" }, loadBalancer, target, place),
  );
  const attachment: Attachment = { targets: [target], listeners: [listener], loadBalancer };
  return createGroup(name, group, place, args, attachment, children);
}

const seconds = (milliseconds: number) => milliseconds / 1000;

type Check = Pick<aws.types.input.lb.TargetGroupHealthCheck, "protocol" | "port" | "path" | "matcher">;

const byPath = (port: string, path: string, protocol: "HTTP" | "HTTPS" = "HTTP"): Check => ({
  protocol,
  port,
  path,
  matcher: "200-299",
});

function balancerCheck({ key, service }: GroupPlan): Check {
  if (service.kind !== "balancer") throw new Error(`group ${key} has no balancers in it`);
  return byPath(String(service.health.port), service.health.path);
}

/**
 * What a group of nodes is told of them: a node that fails it is replaced, so it asks for the node's own life alone. A database that
 * all nodes share would otherwise end all of them with its first bad minute. A Network Load Balancer takes any certificate; it can't name
 * a host or headers, nor speak gRPC: there it sees whether the node takes connections.
 */
function liveCheck({ live }: CheckPlan, { service }: GroupPlan): Check {
  const plain: Check = { protocol: "TCP", port: "traffic-port" };
  if (live === null || service.kind !== "node") return plain;
  const { protocol, host, headers } = service.health;
  if (protocol === "grpc" || host !== null || Object.keys(headers).length > 0) return plain;
  return byPath("traffic-port", live, service.tls === undefined ? "HTTP" : "HTTPS");
}

function createTargetGroup(
  name: string,
  group: GroupPlan,
  port: number,
  place: NetworkedPlace,
  check: Check,
): aws.lb.TargetGroup {
  const { refresh } = group;
  const { probe } = awsPlanOf(place.plan).front;
  const targetName = targetGroupName(group.name, "TCP", port);
  return new aws.lb.TargetGroup(
    `${name}-targets`,
    {
      name: targetName,
      protocol: "TCP",
      port,
      vpcId: networkOf(place.network).vpc,
      targetType: "instance",
      // Clients' own addresses reach the balancers: for the log, ip-hash and rate limits.
      preserveClientIp: "true",
      // Connections that came while it left have their time as well: what is still open then is ended.
      deregistrationDelay: Math.min(3600, Math.ceil((refresh.leave + refresh.drain) / 1000)),
      connectionTermination: true,
      healthCheck: {
        ...check,
        interval: seconds(probe.interval),
        timeout: seconds(probe.timeout),
        healthyThreshold: probe.rise,
        unhealthyThreshold: probe.fall,
      },
      tags: tags(place, targetName),
    },
    // A listener uses the old one until the new one is there; the provider would delete first what has a name of its own.
    { ...place.options, deleteBeforeReplace: false },
  );
}

function createListener(
  name: string,
  args: Omit<aws.lb.ListenerArgs, "loadBalancerArn" | "defaultActions" | "tags">,
  { arn }: aws.lb.LoadBalancer,
  target: aws.lb.TargetGroup,
  place: NetworkedPlace,
): aws.lb.Listener {
  return new aws.lb.Listener(
    `${name}-listener`,
    {
      ...args,
      loadBalancerArn: arn,
      defaultActions: [{ type: "forward", targetGroupArn: target.arn }],
      tags: tags(place, name),
    },
    place.options,
  );
}
