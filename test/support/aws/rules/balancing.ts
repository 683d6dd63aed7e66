import { valuesAt } from "../catalogue/paths.ts";
import { type Fields, isUnknown } from "../catalogue/types.ts";
import { ofType, on, type Problem, type RuleBeside, refuse, textAt, within } from "./types.ts";

const listenerType = "lb/listener:Listener";

const alpnPolicies = ["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"];

function checkListener(inputs: Fields): Problem[] {
  const { protocol, certificateArn, sslPolicy, alpnPolicy, port } = inputs;
  const secure = protocol === "TLS";
  return [
    ...refuse(
      !["TCP", "TLS", "UDP", "TCP_UDP"].includes(String(protocol)),
      "protocol",
      `"${protocol}" is no protocol of a network load balancer (ELB API, CreateListener)`,
    ),
    ...refuse(port === undefined, "port", "a listener has a port (ELB API, CreateListener)"),
    ...refuse(
      secure !== (certificateArn !== undefined),
      "certificateArn",
      `protocol ${protocol} ${secure ? "needs one" : "takes none"} (ELB API, CreateListener)`,
    ),
    ...refuse(
      !secure && sslPolicy !== undefined,
      "sslPolicy",
      `protocol ${protocol} takes none (ELB API, CreateListener)`,
    ),
    ...refuse(
      alpnPolicy !== undefined && !(secure && alpnPolicies.includes(String(alpnPolicy))),
      "alpnPolicy",
      `protocol ${protocol} takes no "${alpnPolicy}" (ELB user guide, ALPN policies)`,
    ),
  ];
}

function checkTargetGroup(inputs: Fields): Problem[] {
  const health = within(inputs, "healthCheck");
  const path = textAt(health, "path");
  const byHttp = health.protocol === "HTTP" || health.protocol === "HTTPS";
  return [
    ...refuse(
      byHttp && (path === null || !/^\/[\x21-\x7e]{0,1023}$/.test(path)),
      "healthCheck.path",
      `"${path}" is no path of 1 to 1,024 characters (ELB API, CreateTargetGroup)`,
    ),
    ...refuse(
      !byHttp && (health.path !== undefined || health.matcher !== undefined),
      "healthCheck.protocol",
      `${health.protocol} takes neither path nor matcher (ELB API, CreateTargetGroup)`,
    ),
    ...refuse(
      health.matcher !== undefined && !matcherIsFine(String(health.matcher)),
      "healthCheck.matcher",
      `"${health.matcher}" is not in 200-599 (ELB API, Matcher)`,
    ),
    ...refuse(
      Number(health.timeout) > Number(health.interval),
      "healthCheck.timeout",
      `${health.timeout} s is longer than the interval of ${health.interval} s (ELB API, CreateTargetGroup)`,
    ),
    ...refuse(
      health.port !== undefined && health.port !== "traffic-port" && !/^\d+$/.test(String(health.port)),
      "healthCheck.port",
      `"${health.port}" is neither a port nor traffic-port (ELB API, CreateTargetGroup)`,
    ),
  ];
}

/** Of a network load balancer: codes and ranges of them, with commas. */
function matcherIsFine(matcher: string): boolean {
  return matcher.split(",").every((part) => {
    const codes = part.split("-").map(Number);
    return codes.length <= 2 && codes.every((code) => code >= 200 && code <= 599);
  });
}

export const balancingRules = [
  on([listenerType], checkListener),
  on(["lb/targetGroup:TargetGroup"], checkTargetGroup),
  on(["lb/loadBalancer:LoadBalancer"], ({ subnets, subnetMappings, securityGroups, internal }) => [
    ...refuse(
      [subnets, subnetMappings].filter((list) => Array.isArray(list) && list.length > 0).length !== 1,
      "subnets",
      "needs at least one, by its id or with its address, and not both (ELB API, CreateLoadBalancer)",
    ),
    ...refuse(
      internal === true && valuesAt({ subnetMappings }, "subnetMappings.*.allocationId").length > 0,
      "subnetMappings",
      "an internal load balancer has no Elastic IPs (ELB API, SubnetMapping)",
    ),
    ...refuse(
      Array.isArray(securityGroups) && securityGroups.length > 5,
      "securityGroups",
      "an interface has at most 5 security groups (VPC user guide, Quotas)",
    ),
  ]),
];

/** Default quota of a network load balancer (ELB user guide, Quotas for your Network Load Balancers). */
const mostListeners = 50;

/** A load balancer has one listener a port, and at most 50. */
export const listenersDiffer: RuleBeside = ({ token, inputs }, others) => {
  if (token !== `aws:${listenerType}` || isUnknown(inputs.loadBalancerArn)) return [];
  const beside = ofType(others, listenerType).filter(
    (other) => other.inputs.loadBalancerArn === inputs.loadBalancerArn,
  );
  return [
    ...refuse(
      beside.some((other) => other.inputs.port === inputs.port),
      "port",
      `there is a listener on ${inputs.port} (ELB API, DuplicateListener)`,
    ),
    ...refuse(
      beside.length >= mostListeners,
      "loadBalancerArn",
      `${beside.length + 1} listeners, and a load balancer has at most ${mostListeners} (ELB user guide, Quotas)`,
    ),
  ];
};

/** What a listener may forward to (ELB user guide, Listeners for your Network Load Balancers). */
const forwards: Readonly<Record<string, readonly string[]>> = {
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
};

/** A listener forwards to target groups of a protocol that goes with its own. */
export const listenerFitsTargets: RuleBeside = ({ token, inputs }, others) => {
  if (token !== `aws:${listenerType}`) return [];
  const targets = ((inputs.defaultActions ?? []) as Fields[]).map(({ targetGroupArn }) => targetGroupArn);
  return ofType(others, "lb/targetGroup:TargetGroup")
    .filter(({ outputs }) => targets.includes(outputs.arn))
    .flatMap(({ inputs: target }) =>
      refuse(
        forwards[String(inputs.protocol)]?.includes(String(target.protocol)) === false,
        "defaultActions.*.targetGroupArn",
        `a listener of ${inputs.protocol} can't forward to ${target.protocol} (ELB user guide, Listeners)`,
      ),
    );
};

/** A load balancer has one subnet a zone (ELB API, InvalidConfigurationRequest). */
export const oneSubnetAZone: RuleBeside = ({ token, inputs }, others) => {
  if (token !== "aws:lb/loadBalancer:LoadBalancer") return [];
  const ids = (inputs.subnets ?? []) as readonly unknown[];
  const zones = ofType(others, "ec2/subnet:Subnet")
    .filter(({ outputs }) => ids.includes(outputs.id))
    .map((subnet) => subnet.inputs.availabilityZone ?? subnet.inputs.availabilityZoneId);
  return refuse(
    new Set(zones).size < zones.length,
    "subnets",
    `two of them are in one of the zones ${zones.join(", ")} (ELB API, CreateLoadBalancer)`,
  );
};
