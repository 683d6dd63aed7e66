import type { AwsSpec } from "../../../spec.ts";
import { chosenZones, type InstanceType, instanceType, similarTypes } from "../instances.ts";
import { surge } from "../refresh.ts";
import { eachPool, type PoolRule } from "./pool-rule.ts";
import type { AwsRule } from "./rule.ts";

/** Every instance type that a stack names, with the field that names it. */
function namedTypes({ instanceType: all, balancerType, pools }: AwsSpec): [path: string, name: string][] {
  return [
    ["platform.instanceType", all],
    ...(balancerType === null ? [] : ([["platform.balancerType", balancerType]] as [string, string][])),
    ...Object.entries(pools).flatMap(([pool, { instanceType: own, spot }]): [string, string][] => [
      ...(own === null ? [] : ([[`platform.pools.${pool}.instanceType`, own]] as [string, string][])),
      ...(spot?.types ?? []).map((name, index): [string, string] => [
        `platform.pools.${pool}.spot.types[${index}]`,
        name,
      ]),
    ]),
  ];
}

const typesKnown: AwsRule = (_, platform) =>
  namedTypes(platform).flatMap(([path, name]) => {
    if (instanceType(name) !== null) return [];
    const similar = similarTypes(name).slice(0, 8);
    return [
      {
        code: "aws.type-unknown",
        path,
        message: `the kit's table has no instance type ${name}`,
        hint:
          similar.length > 0
            ? `use e.g. one of [${similar.join(", ")}]`
            : "correct it, or add it to components/model/platforms/aws/catalogue.json",
      },
    ];
  });

const imageFitsTypes: AwsRule = (_, platform) => {
  const { image } = platform;
  if (image.kind !== "ami") return [];
  return namedTypes(platform).flatMap(([path, name]) => {
    const type = instanceType(name);
    if (type === null || type.architecture === image.architecture) return [];
    return [
      {
        code: "aws.architecture",
        path,
        message: `${name} is ${type.architecture} and the image ${image.id} ${image.architecture}`,
        hint: "choose a type of the image's architecture, or another image",
      },
    ];
  });
};

const poolExists: AwsRule = ({ pools }, platform) =>
  Object.keys(platform.pools)
    .filter((name) => !Object.hasOwn(pools, name))
    .map((name) => ({
      code: "aws.pool-unknown",
      path: `platform.pools.${name}`,
      message: `there is no pool "${name}"`,
      hint: `use some of [${Object.keys(pools).join(", ")}]`,
    }));

const scalingAroundActive: PoolRule = ({ path, name, options, pool }) => {
  const { scaling } = options;
  if (scaling === null) return [];
  const min = scaling.min ?? pool.active;
  if (min <= pool.active && pool.active <= scaling.max) return [];
  return [
    {
      code: "aws.scaling-range",
      path: `${path}.scaling`,
      message: `from ${min} to ${scaling.max} nodes, and pools.${name}.active is ${pool.active}`,
      hint: "choose a range with `active` in it",
    },
  ];
};

const targetsDiffer: PoolRule = ({ path, options }) => {
  const kinds = (options.scaling?.targets ?? []).map((target) =>
    target.kind === "metric" ? `metric ${target.namespace} ${target.name}` : target.kind,
  );
  return kinds.flatMap((kind, index) =>
    kinds.indexOf(kind) === index
      ? []
      : [
          {
            code: "aws.target-twice",
            path: `${path}.scaling.targets[${index}]`,
            message: `a second target for ${kind}`,
            hint: "keep one: the group follows the largest wish",
          },
        ],
  );
};

const onePool: PoolRule = ({ path, name, options, pool }) =>
  options.warm !== null && pool.standby.cold > 0
    ? [
        {
          code: "aws.warm-and-cold",
          path: `${path}.warm`,
          message: `a group has one warm pool, in one state, and pools.${name}.standby.cold (${pool.standby.cold}) waits there stopped`,
          hint: "keep one of the two",
        },
      ]
    : [];

/** EC2 Auto Scaling user guide, Warm pools, limitations: no mixed instances policy, so no Spot. */
const noWarmSpot: PoolRule = ({ path, name, options, pool }) =>
  options.spot !== null && (options.warm !== null || pool.standby.cold > 0)
    ? [
        {
          code: "aws.spot-with-warm-pool",
          path: `${path}.spot`,
          message: `AWS refuses a warm pool beside Spot machines, and ${options.warm === null ? `pools.${name}.standby.cold asks for one` : "`warm` asks for one"}`,
          hint: "use hot standbys, which have a group of their own, or no Spot",
        },
      ]
    : [];

const spotBelowMax: PoolRule = ({ path, options, pool }) => {
  const max = options.scaling?.max ?? pool.active;
  return options.spot !== null && options.spot.onDemand >= max
    ? [
        {
          code: "aws.spot-never",
          path: `${path}.spot.onDemand`,
          message: `${options.spot.onDemand} nodes are never Spot, and there are at most ${max}`,
          hint: "lower it, or remove `spot`",
        },
      ]
    : [];
};

const oneArchitecture: PoolRule = ({ path, options, platform }) => {
  const base = instanceType(options.instanceType ?? platform.instanceType);
  if (base === null) return [];
  return (options.spot?.types ?? []).flatMap((name, index) => {
    const other = instanceType(name);
    if (other === null || other.architecture === base.architecture) return [];
    return [
      {
        code: "aws.spot-architecture",
        path: `${path}.spot.types[${index}]`,
        message: `${name} is ${other.architecture} and ${base.name} ${base.architecture}: one image can't start both`,
        hint: `use types of ${base.architecture}`,
      },
    ];
  });
};

/**
 * EC2 user guide, Prerequisites for hibernation: less than 150 GiB of memory, a disk that holds it, no bare metal; Debian's
 * images aren't made for it.
 */
const canHibernate: PoolRule = ({ path, options, platform }) => {
  if (options.warm?.state !== "hibernated") return [];
  const type = instanceType(options.instanceType ?? platform.instanceType);
  const disk = (options.disk?.size ?? platform.disk) / 1024 ** 3;
  const reason = type === null ? null : whyNotHibernated(type, disk, platform);
  return reason === null
    ? []
    : [
        {
          code: "aws.hibernation",
          path: `${path}.warm.state`,
          message: `hibernation ${reason}`,
          hint: 'use "running", or standby.cold for stopped ones',
        },
      ];
};

function whyNotHibernated(type: InstanceType, disk: number, { image }: AwsSpec): string | null {
  if (image.kind === "debian") return "doesn't work with Debian's images, which have no agent for it";
  if (type.metal) return `isn't there on ${type.name}: bare metal`;
  if (type.memory >= 150) return `takes less than 150 GiB of memory, and ${type.name} has ${type.memory}`;
  // The system beside it.
  const needed = type.memory + 4;
  return disk < needed
    ? `writes the ${type.memory} GiB of memory to the disk, which has ${disk} GB and needs ${needed}`
    : null;
}

/**
 * EC2 user guide, Placement groups: 7 running instances a zone and spread group. While machines are replaced there are more of them
 * than the group's number, and those that wait run before they do.
 */
const spreadFits: PoolRule = ({ path, options, pool, platform }) => {
  if (options.placement !== "spread") return [];
  const zones = chosenZones(platform).length;
  const active = options.scaling?.max ?? pool.active;
  const more = surge(active, 100);
  const most = active + more + pool.standby.cold + (options.warm?.count ?? 0);
  return zones === 0 || most <= 7 * zones
    ? []
    : [
        {
          code: "aws.spread-too-many",
          path: `${path}.placement`,
          message: `up to ${most} machines, ${more} of them while others are replaced, and a spread placement group has room for 7 in each of ${zones} zones`,
          hint: 'use "partition", or fewer machines',
        },
      ];
};

const clusterTypes: PoolRule = ({ path, options, platform }) => {
  const type = instanceType(options.instanceType ?? platform.instanceType);
  return options.placement === "cluster" && type?.burstable
    ? [
        {
          code: "aws.cluster-burstable",
          path: `${path}.placement`,
          message: `burstable types such as ${type.name} can't be in a cluster placement group`,
          hint: "choose another type, e.g. c7g.large",
        },
      ]
    : [];
};

export const machineRules: readonly AwsRule[] = [
  typesKnown,
  imageFitsTypes,
  poolExists,
  ...[
    scalingAroundActive,
    targetsDiffer,
    onePool,
    noWarmSpot,
    spotBelowMax,
    oneArchitecture,
    canHibernate,
    spreadFits,
    clusterTypes,
  ].map(eachPool),
];
