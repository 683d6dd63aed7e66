import { balancerSchema } from "../../../balancers/schema.ts";
import type { Problem } from "../../../problem.ts";
import { poolSchema } from "../../../schema/pool.ts";
import { wardenSchema } from "../../../schema/warden.ts";
import type { AwsRule } from "./rule.ts";

/*
 * What a stack can say that means nothing on AWS. Refused where it is said, and never passed over: who sets a timer of VRRP
 * counts on it. After the defaults are filled in only a value that isn't the default can be told from one that nobody wrote.
 */

/** Paths below a value where it differs from another of the same shape. */
function differences(value: unknown, other: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return value === other ? [] : [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    differences(inner, (other as Record<string, unknown> | null)?.[key], `${path}.${key}`),
  );
}

function unused(paths: readonly string[], because: string, hint: string): Problem[] {
  return paths.map((path) => ({
    code: "aws.without-effect",
    path,
    message: `it has no effect on AWS: ${because}`,
    hint,
  }));
}

const noWarden: AwsRule = ({ warden }) =>
  unused(
    differences(warden, wardenSchema.parse({}), "warden"),
    "its Auto Scaling groups replace nodes and take standbys, and the kit's warden doesn't run there",
    "leave it out",
  );

/** Those fields that there are: kinds of balancers differ. */
function picked(of: object, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(of).filter(([field]) => fields.includes(field)));
}

const noVrrp: AwsRule = ({ balancer }) => {
  const standard = balancerSchema.parse({ kind: balancer.kind });
  const changed = (...fields: string[]) =>
    differences(picked(balancer, fields), picked(standard, fields), "balancer");
  return [
    ...unused(
      changed("failover"),
      "its Network Load Balancer is the virtual address, and no VRRP moves one",
      "leave it out",
    ),
    ...unused(changed("door"), "there is no Docker host whose port could lead in", "leave it out"),
    ...unused(
      changed("cpus", "memory"),
      "a balancer has a machine of its own",
      "choose its size by platform.balancerType",
    ),
  ];
};

const machinesAreWhole: AwsRule = ({ pools }) => {
  const standard = poolSchema.parse({ active: 1 });
  return Object.entries(pools).flatMap(([name, { cpus, memory }]) =>
    unused(
      differences({ cpus, memory }, { cpus: standard.cpus, memory: standard.memory }, `pools.${name}`),
      "a node has a machine of its own",
      `choose its size by platform.pools.${name}.instanceType`,
    ),
  );
};

const noWeights: AwsRule = ({ pools }) =>
  Object.entries(pools)
    .filter(([, { weights }]) => Object.keys(weights).length > 0)
    .map(([name]) => ({
      code: "aws.weights",
      path: `pools.${name}.weights`,
      message: "the nodes of a group have no names that a weight could be given to",
      hint: "remove the weights; for nodes of two sizes use two pools",
    }));

const imageReachable: AwsRule = ({ pools }) =>
  Object.entries(pools)
    .filter(([, { image }]) => image.kind === "build")
    .map(([name]) => ({
      code: "aws.image-not-reachable",
      path: `pools.${name}.image`,
      message: "an image that is built here is on this machine's Docker Engine, where no instance gets it",
      hint: 'push it to a registry and use { kind: "reference", reference: "…" }',
    }));

/**
 * A VPC delivers a packet by its IP address to the interface that has it, whatever MAC address it bears, and drops what an
 * interface sends from an address that isn't its own; direct routing needs both.
 */
const noDirectRouting: AwsRule = ({ balancer }) =>
  "forwarding" in balancer && balancer.forwarding === "dr"
    ? [
        {
          code: "aws.lvs-direct-routing",
          path: "balancer.forwarding",
          message: `"dr" can't work in a VPC: it delivers by IP address and not by MAC, and drops answers from an address that a node doesn't have`,
          hint: 'use balancer { kind: "nginx" }',
        },
      ]
    : [];

export const unusedRules: readonly AwsRule[] = [
  noWarden,
  noVrrp,
  machinesAreWhole,
  noWeights,
  imageReachable,
  noDirectRouting,
];
