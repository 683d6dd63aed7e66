import { valuesAt } from "../catalogue/paths.ts";
import type { Fields } from "../catalogue/types.ts";
import type { Problem, Subject } from "./types.ts";

interface Range {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly source: string;
}

const port = (path: string): Range => ({ path, from: 1, to: 65535, source: "ports of TCP" });
const health = (path: string, from: number, to: number): Range => ({
  path: `healthCheck.${path}`,
  from,
  to,
  source: "ELB API, CreateTargetGroup",
});

/** Numbers with limits, by type; texts that hold a number count as one. */
const ranges: Readonly<Record<string, readonly Range[]>> = {
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [port("fromPort"), port("toPort")],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": [port("fromPort"), port("toPort")],
  "aws:lb/listener:Listener": [port("port")],
  "aws:lb/targetGroup:TargetGroup": [
    port("port"),
    health("interval", 5, 300),
    health("timeout", 2, 120),
    health("healthyThreshold", 2, 10),
    health("unhealthyThreshold", 2, 10),
    { path: "deregistrationDelay", from: 0, to: 3600, source: "ELB API, TargetGroupAttribute" },
  ],
  "aws:autoscaling/group:Group": [
    {
      path: "initialLifecycleHooks.*.heartbeatTimeout",
      from: 30,
      to: 7200,
      source: "EC2 Auto Scaling API, PutLifecycleHook",
    },
    {
      path: "instanceRefresh.preferences.minHealthyPercentage",
      from: 0,
      to: 100,
      source: "EC2 Auto Scaling API, RefreshPreferences",
    },
    {
      path: "instanceRefresh.preferences.maxHealthyPercentage",
      from: 100,
      to: 200,
      source: "EC2 Auto Scaling API, RefreshPreferences",
    },
  ],
};

/** Numbers beyond AWS's limits. */
export function checkRanges({ token, inputs }: Subject): Problem[] {
  return (ranges[token] ?? []).flatMap(({ path, from, to, source }) =>
    valuesAt(inputs, path)
      .map(Number)
      .filter((value) => Number.isFinite(value) && (value < from || value > to))
      .map((value) => ({ path, message: `${value} is not in ${from} to ${to} (${source})` })),
  );
}

/**
 * Auto Scaling groups: least ≤ wanted ≤ most, and no warm pool with several types or Spot (user guide, Warm pools). A wanted number
 * that doesn't change isn't sent, and AWS then brings it between the others by itself (API reference, UpdateAutoScalingGroup).
 */
export function checkGroup({ token, inputs, before }: Subject): Problem[] {
  if (token !== "aws:autoscaling/group:Group") return [];
  const { minSize, desiredCapacity = minSize, maxSize, warmPool, mixedInstancesPolicy } = inputs as Sizes;
  const sent = before === undefined || before.desiredCapacity !== desiredCapacity;
  const sizes = sent ? [minSize, desiredCapacity, maxSize] : [minSize, maxSize];
  const ordered = sizes.every((size, index) => index === 0 || Number(sizes[index - 1]) <= Number(size));
  return [
    ...(ordered ? [] : [{ path: "desiredCapacity", message: `${sizes.join(" ≤ ")} doesn't hold` }]),
    ...(warmPool !== undefined && mixedInstancesPolicy !== undefined
      ? [
          {
            path: "warmPool",
            message: "a group of several instance types or with Spot machines has no warm pool",
          },
        ]
      : []),
  ];
}

type Sizes = Readonly<Partial<Record<"minSize" | "maxSize" | "desiredCapacity", number>>> & Fields;

/** At most 50 tags; keys to 128 characters and not of AWS's own, values to 256 (AWS general reference, Tagging). */
export function checkTags({ inputs }: Subject): Problem[] {
  const tags = tagsOf(inputs);
  const bad = tags.filter(
    ([key, value]) => key.length > 128 || /^aws:/i.test(key) || String(value).length > 256,
  );
  return [
    ...(tags.length > 50 ? [{ path: "tags", message: `${tags.length} tags, and AWS takes 50` }] : []),
    ...bad.map(([key]) => ({ path: `tags.${key}`, message: `"${key}" is no tag that AWS takes` })),
  ];
}

/** Those of Auto Scaling groups are a list. */
function tagsOf({ tags }: Fields): [string, unknown][] {
  if (Array.isArray(tags)) return tags.map(({ key, value }) => [key, value]);
  return Object.entries((tags ?? {}) as Fields);
}
