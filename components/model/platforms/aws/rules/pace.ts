import { eachPool, type PoolRule } from "./pool-rule.ts";
import { repeated } from "./repeated.ts";
import type { AwsRule } from "./rule.ts";

const scheduleWithinMax: PoolRule = ({ path, options: { scaling } }) =>
  (scaling?.schedule ?? []).flatMap(({ min }, index) =>
    scaling === null || min <= scaling.max
      ? []
      : [
          {
            code: "aws.schedule-beyond",
            path: `${path}.scaling.schedule[${index}].min`,
            message: `at least ${min} nodes by the clock, and scaling.max is ${scaling.max}`,
            hint: "lower it, or raise scaling.max",
          },
        ],
  );

const timesDiffer: PoolRule = ({ path, options: { scaling } }) =>
  repeated(
    (scaling?.schedule ?? []).map(({ at, zone }) => `${at} ${zone}`),
    `${path}.scaling.schedule`,
  );

const groupsDiffer: PoolRule = ({ path, options: { securityGroups } }) =>
  repeated(securityGroups, `${path}.securityGroups`);

/** EBS user guide, General Purpose SSD volumes: 500 operations a GiB, 0.25 MiB for each operation. */
const diskFits: PoolRule = ({ path, options: { disk } }) => {
  if (disk === null) return [];
  const most = Math.ceil(disk.size / 1024 ** 3) * 500;
  return [
    ...(disk.iops <= most
      ? []
      : [
          {
            code: "aws.disk-iops",
            path: `${path}.disk.iops`,
            message: `${disk.iops} operations a second, and a disk of this size has at most ${most}`,
            hint: "use a larger disk, or fewer operations",
          },
        ]),
    ...(disk.throughput * 4 <= disk.iops
      ? []
      : [
          {
            code: "aws.disk-throughput",
            path: `${path}.disk.throughput`,
            message: `${disk.throughput} MiB a second take ${disk.throughput * 4} operations, and there are ${disk.iops}`,
            hint: "raise iops, or lower it",
          },
        ]),
  ];
};

/** A group that stands close together is in one zone. */
const distributionMatters: PoolRule = ({ path, options }) =>
  options.distribution === "only" && options.placement === "cluster"
    ? [
        {
          code: "aws.distribution-unused",
          path: `${path}.distribution`,
          message: "the pool stands close together in one zone, and there is nothing to distribute",
          hint: "leave it out, or use another placement",
        },
      ]
    : [];

export const paceRules: readonly AwsRule[] = [
  scheduleWithinMax,
  timesDiffer,
  groupsDiffer,
  diskFits,
  distributionMatters,
].map(eachPool);
