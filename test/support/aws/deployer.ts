import { awsPart } from "../../../components/plan/platforms/aws/part.ts";
import type { ClusterPlan } from "../../../components/plan/types.ts";
import { callsOf } from "../../../components/platform/aws/deployer/calls.ts";
import { deployerPolicies } from "../../../components/platform/aws/deployer/policy.ts";
import type { Named, NamedCalls, TaggedCalls } from "../../../components/platform/aws/deployer/types.ts";
import type { Fields } from "./catalogue/types.ts";
import { account } from "./facts.ts";
import { allows, type Request } from "./iam.ts";
import type { Neighbour } from "./rules/index.ts";

/** Asks that a deployer makes for one resource, with the ARN and the tags that it really has. */
export function requestsFor(plan: ClusterPlan, made: readonly Neighbour[], resource: Neighbour): Request[] {
  const calls = callsOf[resource.token];
  if (calls === undefined) throw new Error(`the deployer's policy knows nothing of ${resource.token}`);
  const region = awsPart(plan)?.region ?? "";
  const looks = calls.look.map((action) => ({
    action,
    resource: "*",
    context: { "aws:RequestedRegion": region },
  }));
  return [
    ...looks,
    ...(calls.kind === "tagged" ? ofTagged(plan, resource, calls) : ofNamed(plan, made, resource, calls)),
  ];
}

function ofTagged(
  plan: ClusterPlan,
  { inputs }: Neighbour,
  { thing, make, beside, keep }: TaggedCalls,
): Request[] {
  const own = { "hotspare.owner": plan.owner, "hotspare.cluster": plan.cluster };
  const vpc = awsPart(plan)?.vpc;
  const adopted = vpc?.kind === "adopted" ? vpc.id : null;
  const asked = make.map((action) => ({
    action,
    resource: ec2Arn(plan, thing),
    context: context("RequestTag", (inputs.tags ?? {}) as Record<string, string>),
  }));
  const named = make.flatMap((action) =>
    beside.map((other) => ({
      action,
      resource: ec2Arn(plan, other, other === "vpc" && adopted !== null ? adopted : "x-1"),
      context: other === "vpc" && adopted !== null ? {} : context("ResourceTag", own),
    })),
  );
  const tagging = make.map((action) => ({
    action: "ec2:CreateTags",
    resource: ec2Arn(plan, thing),
    context: { "ec2:CreateAction": action.slice("ec2:".length) },
  }));
  const kept = keep.map((action) => ({
    action,
    resource: ec2Arn(plan, thing),
    context: context("ResourceTag", own),
  }));
  return [...asked, ...named, ...tagging, ...kept];
}

const ec2Arn = (plan: ClusterPlan, thing: string, id = "x-1") =>
  `arn:aws:ec2:${awsPart(plan)?.region}:${account}:${thing}/${id}`;

const context = (where: string, tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:${where}/${key}`, value]));

function ofNamed(
  plan: ClusterPlan,
  made: readonly Neighbour[],
  resource: Neighbour,
  { thing, all, on }: NamedCalls,
): Request[] {
  const about = (calls: readonly string[], of: Named) =>
    calls.map((action) => ({
      action,
      resource: arnOf(plan, made, resource, of),
      context: {
        ...(of === "role" ? contextOfRole(made, resource) : {}),
        ...(of === "hosted-zone"
          ? { "route53:ChangeResourceRecordSetsNormalizedRecordNames": String(resource.inputs.name) }
          : {}),
      },
    }));
  return [...about(all, thing), ...(on === undefined ? [] : about(on.calls, on.thing))];
}

/** What IAM sees of a role's boundary, and of a policy that it is given, in a call about it. */
function contextOfRole(made: readonly Neighbour[], { inputs }: Neighbour): Record<string, string> {
  const role =
    made.find(({ outputs }) => inputs.role !== undefined && [outputs.id, outputs.name].includes(inputs.role))
      ?.inputs ?? inputs;
  const { permissionsBoundary } = role;
  return {
    ...(permissionsBoundary === undefined ? {} : { "iam:PermissionsBoundary": String(permissionsBoundary) }),
    ...(inputs.policyArn === undefined ? {} : { "iam:PolicyARN": String(inputs.policyArn) }),
  };
}

/** The ARN as AWS would make it of the resource's name, or of the name of what it belongs to. */
function arnOf(plan: ClusterPlan, made: readonly Neighbour[], { inputs }: Neighbour, thing: Named): string {
  const region = awsPart(plan)?.region;
  const text = (fields: Fields, key: string) => String(fields[key]);
  const regional = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
  // What another one is named by is its id or its ARN.
  const of = (key: string): Fields =>
    made.find(({ outputs }) => [outputs.id, outputs.arn, outputs.name].includes(inputs[key]))?.inputs ?? {};
  switch (thing) {
    case "auto-scaling-group": {
      const name = inputs.autoscalingGroupName ?? inputs.name;
      return regional("autoscaling", `autoScalingGroup:0a1b:autoScalingGroupName/${name}`);
    }
    case "load-balancer": {
      const { name } = inputs.loadBalancerArn === undefined ? inputs : of("loadBalancerArn");
      return regional("elasticloadbalancing", `loadbalancer/net/${name}/0a1b`);
    }
    case "target-group":
      return regional("elasticloadbalancing", `targetgroup/${inputs.name}/0a1b`);
    case "listener":
      return regional(
        "elasticloadbalancing",
        `listener/net/${text(of("loadBalancerArn"), "name")}/0a1b/2c3d`,
      );
    case "role":
      return `arn:aws:iam::${account}:role/${inputs.role === undefined ? inputs.name : text(of("role"), "name")}`;
    case "instance-profile":
      return `arn:aws:iam::${account}:instance-profile/${inputs.name}`;
    case "bucket":
      return `arn:aws:s3:::${of("bucket").bucket ?? inputs.bucket}`;
    case "object":
      return `arn:aws:s3:::${inputs.bucket}/${inputs.key}`;
    case "parameter":
      return regional("ssm", `parameter${inputs.name}`);
    case "log-group":
      return regional("logs", `log-group:${inputs.name}:log-stream:`);
    case "alarm":
      return regional("cloudwatch", `alarm:${inputs.name}`);
    case "hosted-zone":
      return `arn:aws:route53:::hostedzone/${inputs.zoneId}`;
    case "dns-change":
      return "arn:aws:route53:::change/C0123";
    case "dashboard":
      return `arn:aws:cloudwatch::${account}:dashboard/${inputs.dashboardName}`;
    case "topic":
      return (
        awsPart(plan)?.monitoring.topic ??
        regional("sns", text(inputs.topic === undefined ? inputs : of("topic"), "name"))
      );
    default:
      return thing satisfies never;
  }
}

/** What the stack's deployer may not do of all that its resources need. */
export function refusedTo(plan: ClusterPlan, made: readonly Neighbour[]): Request[] {
  const policies = Object.values(deployerPolicies(plan));
  return made
    .flatMap((resource) => requestsFor(plan, made, resource))
    .filter((request) => !allows(policies, request));
}
