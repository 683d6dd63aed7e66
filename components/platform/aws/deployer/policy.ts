import { partitionOf } from "../../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../../plan/platforms/aws/part.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import { adoptedArns, namedArns, regional, taggedArns } from "./arns.ts";
import { callsOf, callsOfCommands, ofOwnVpc } from "./calls.ts";
import { bounded, ofOwnName, sorted } from "./conditions.ts";
import {
  type Named,
  type NamedCalls,
  type Part,
  type Policy,
  parts,
  type Statement,
  type Tagged,
  type TaggedCalls,
} from "./types.ts";

/**
 * What whoever runs the kit for a stack must be allowed to do, and no more: things with a name by how it begins, things of EC2 by the
 * cluster's tags. Works for every later change of the stack as well, but for another VPC, region, key or topic. The parts belong
 * to one role; the network's is smaller where the VPC is adopted.
 */
export function deployerPolicies(plan: ClusterPlan): Readonly<Record<Part, Policy>> {
  const policies = parts.map((part) => [part, { Version: "2012-10-17", Statement: statements(plan, part) }]);
  return Object.fromEntries(policies);
}

function statements(plan: ClusterPlan, part: Part): Statement[] {
  const calls = typesOf(plan).flatMap((type) => callsOf[type] ?? []);
  const own = calls.filter((candidate) => candidate.part === part);
  const tagged = own.filter((candidate) => candidate.kind === "tagged");
  const named = own.filter((candidate) => candidate.kind === "named");
  const extra = { network: networkExtra, machines: machinesExtra, services: servicesExtra }[part];
  return [
    ...look(plan, [...own.flatMap((call) => call.look), ...(part === "machines" ? callsOfCommands : [])]),
    ...(tagged.length === 0 ? [] : taggedStatements(plan, tagged)),
    ...namedStatements(plan, named),
    ...extra(plan),
  ];
}

/** The types that a cluster of this kind may have at any time. */
function typesOf(plan: ClusterPlan): string[] {
  const adopted = awsPlanOf(plan).vpc.kind === "adopted";
  return Object.keys(callsOf).filter((type) => !adopted || !ofOwnVpc.includes(type));
}

function look(plan: ClusterPlan, calls: readonly string[]): Statement[] {
  const { region } = awsPlanOf(plan);
  const Condition = { StringEquals: { "aws:RequestedRegion": region } };
  return calls.length === 0
    ? []
    : [{ Sid: "Look", Effect: "Allow", Action: sorted(calls), Resource: "*", Condition }];
}

/** The tags that a thing must get, or have. */
function tagsAre(plan: ClusterPlan, where: "RequestTag" | "ResourceTag"): Record<string, string> {
  const tags = { "hotspare.owner": plan.owner, "hotspare.cluster": plan.cluster };
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:${where}/${key}`, value]));
}

function taggedStatements(plan: ClusterPlan, calls: readonly TaggedCalls[]): Statement[] {
  const arns = (things: readonly Tagged[]) => sorted(things.flatMap((thing) => taggedArns(plan, thing)));
  const making = calls.filter(({ make }) => make.length > 0);
  const make = sorted(making.flatMap((call) => call.make));
  const beside = making.filter((call) => call.beside.length > 0);
  const besideCalls = sorted(beside.flatMap((call) => call.make));
  const adopted = adoptedArns(plan);
  // Those of an adopted VPC are known by their ids.
  const tagged = beside
    .flatMap((call) => call.beside)
    .filter((thing) => adopted.length === 0 || !inVpc(thing));
  const keep = [...calls.flatMap((call) => call.keep), "ec2:CreateTags", "ec2:DeleteTags"];
  const own = { StringEquals: tagsAre(plan, "ResourceTag") };
  return [
    {
      Sid: "Make",
      Effect: "Allow",
      Action: make,
      Resource: arns(making.map(({ thing }) => thing)),
      Condition: { StringEquals: tagsAre(plan, "RequestTag") },
    },
    {
      Sid: "TagWhatIsMade",
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: arns(making.map(({ thing }) => thing)),
      Condition: { StringEquals: { "ec2:CreateAction": make.map((call) => call.slice("ec2:".length)) } },
    },
    ...(tagged.length === 0
      ? []
      : [
          {
            Sid: "MakeBesideOwn",
            Effect: "Allow" as const,
            Action: besideCalls,
            Resource: arns(tagged),
            Condition: own,
          },
        ]),
    ...(beside.length === 0 || adopted.length === 0
      ? []
      : [{ Sid: "MakeInAdopted", Effect: "Allow" as const, Action: besideCalls, Resource: adopted }]),
    {
      Sid: "KeepOwn",
      Effect: "Allow",
      Action: sorted(keep),
      Resource: [regional(plan, "ec2", "*/*")],
      Condition: own,
    },
  ];
}

const inVpc = (thing: Tagged) => thing === "vpc" || thing === "subnet";

function namedStatements(plan: ClusterPlan, calls: readonly NamedCalls[]): Statement[] {
  const rights = calls.flatMap(({ thing, all, on }) => [
    { thing, actions: all },
    ...(on === undefined ? [] : [{ thing: on.thing, actions: on.calls }]),
  ]);
  const things = [...new Set(rights.map(({ thing }) => thing))];
  const actions = (thing: Named) =>
    sorted(rights.filter((right) => right.thing === thing).flatMap((right) => right.actions));
  return things.flatMap((thing) => {
    const arns = namedArns(plan, thing);
    // What the stack doesn't have.
    if (arns.length === 0) return [];
    if (thing === "hosted-zone") return ofOwnName(plan, actions(thing), arns);
    const own = {
      Sid: `Own${thing.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`,
      Effect: "Allow" as const,
      Action: actions(thing),
      Resource: arns,
    };
    return thing === "role" ? bounded(plan, own) : [own];
  });
}

/** The default security group of a new VPC has no tags yet; a condition on its VPC would need an id that nobody knows. */
function networkExtra(plan: ClusterPlan): Statement[] {
  if (awsPlanOf(plan).vpc.kind === "adopted") return [];
  return [
    {
      Sid: "TagDefaultGroup",
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: taggedArns(plan, "security-group"),
      Condition: { StringEquals: tagsAre(plan, "RequestTag") },
    },
  ];
}

/**
 * Auto Scaling lets only those make a group who might start its machines themselves (EC2 Auto Scaling user guide, Launch template
 * permissions); here by the cluster's own templates alone.
 */
function machinesExtra(plan: ClusterPlan): Statement[] {
  const partition = partitionOf(awsPlanOf(plan).region);
  const of = (...things: string[]) => things.map((thing) => regional(plan, "ec2", `${thing}/*`));
  return [
    {
      Sid: "StartByOwnTemplate",
      Effect: "Allow",
      Action: ["ec2:RunInstances"],
      Resource: taggedArns(plan, "launch-template"),
      Condition: { StringEquals: tagsAre(plan, "ResourceTag") },
    },
    {
      Sid: "StartByTemplate",
      Effect: "Allow",
      Action: ["ec2:RunInstances"],
      Resource: [
        `arn:${partition}:ec2:${awsPlanOf(plan).region}::image/*`,
        ...of("instance", "network-interface", "placement-group", "security-group", "subnet", "volume"),
      ],
      Condition: { ArnLike: { "ec2:LaunchTemplate": taggedArns(plan, "launch-template") } },
    },
    {
      Sid: "TagMachines",
      Effect: "Allow",
      Action: ["ec2:CreateTags"],
      Resource: of("instance", "network-interface", "volume"),
      Condition: { StringEquals: { "ec2:CreateAction": "RunInstances" } },
    },
    {
      Sid: "PassOwnRoles",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: namedArns(plan, "role"),
      Condition: {
        StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "vpc-flow-logs.amazonaws.com"] },
      },
    },
    {
      Sid: "RolesOfServices",
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole"],
      Resource: "*",
      Condition: {
        StringEquals: {
          "iam:AWSServiceName": [
            "autoscaling.amazonaws.com",
            "elasticloadbalancing.amazonaws.com",
            "spot.amazonaws.com",
          ],
        },
      },
    },
  ];
}

/** The image's id, and the stack's own key. */
function servicesExtra(plan: ClusterPlan): Statement[] {
  const { image, key, region } = awsPlanOf(plan);
  return [
    ...(image.kind === "ami"
      ? []
      : [
          {
            Sid: "ReadImage",
            Effect: "Allow" as const,
            Action: ["ssm:GetParameter"],
            // Recorded or not: recording a newer one asks as well.
            Resource: [`arn:${partitionOf(region)}:ssm:${region}::parameter/aws/service/debian/release/*`],
          },
        ]),
    ...(key === null
      ? []
      : [
          {
            Sid: "UseKey",
            Effect: "Allow" as const,
            Action: [
              "kms:CreateGrant",
              "kms:Decrypt",
              "kms:DescribeKey",
              "kms:Encrypt",
              "kms:GenerateDataKey",
              // For the kit's word on whether AWS's services may use it.
              "kms:GetKeyPolicy",
            ],
            Resource: [key],
          },
        ]),
  ];
}
