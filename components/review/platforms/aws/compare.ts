import { awsPart } from "../../../plan/platforms/aws/part.ts";
import type { AlarmPlan, AwsPlan, CheckPlan } from "../../../plan/platforms/aws/types.ts";
import type { ClusterPlan } from "../../../plan/types.ts";
import { fieldChanges, fieldsOf } from "../../compare/fields.ts";
import type { FieldChange, Sides } from "../../compare/types.ts";

/*
 * What only Amazon EC2 is asked for, so that it can be compared: lists by the names of what is in them, since a list is one field.
 */

/** Settings of AWS that differ, as `aws.…`; none on other platforms. Of the estimate the sums, and not what follows from groups. */
function awsChanges({ before, after }: Sides<ClusterPlan>): FieldChange[] {
  return fieldChanges("aws", shaped(awsPart(before)), shaped(awsPart(after)));
}

function shaped(aws: AwsPlan | null): object | null {
  if (aws === null) return null;
  const { kind: _, cost, standbys: __, monitoring, front, vpc, tags, image, agents, disk, ...asked } = aws;
  const { alarms, ...watching } = monitoring;
  const { listeners, checks, ...balancer } = front;
  return {
    ...asked,
    // Not in plans of revisions before it was an option.
    permissionsBoundary: asked.permissionsBoundary ?? null,
    disk: `${disk} GB`,
    image: imageText(image),
    agents: agentsText(agents),
    front: {
      ...balancer,
      // Not in plans of revisions before it was an option.
      idleTimeout: balancer.idleTimeout ?? 350_000,
      listeners: named(
        listeners,
        ({ key }) => key,
        ({ key: _, ...listener }) => listener,
      ),
    },
    live: named(checks, ({ group }) => group, liveText),
    monitoring: { ...watching, alarms: named(alarms ?? [], ({ key }) => key, alarmText) },
    // By itself: a tag may have any name.
    tags: Object.entries(tags ?? {}).map(([name, value]) => `${name}=${value}`),
    vpc: vpcOf(vpc),
    cost: {
      total: cost.total,
      ...named(
        cost.parts ?? [],
        ({ part }) => part,
        ({ usdPerMonth }) => usdPerMonth,
      ),
    },
  };
}

function imageText(image: AwsPlan["image"]): string {
  if (image.kind === "ami") return image.id;
  return Object.values(image.kind === "pinned" ? image.ids : image.names).join(" or ");
}

/** Plans of revisions before they were pinned have none. */
function agentsText(agents: AwsPlan["agents"] | undefined): Readonly<Record<string, string>> {
  const of = (pin: AwsPlan["agents"]["session"] | undefined) => pin?.version ?? "the newest";
  return { session: of(agents?.session), cloudwatch: of(agents?.cloudwatch) };
}

/** The kind is compared by itself: as a choice the whole would be one field. */
function vpcOf({ kind, zones, ...vpc }: AwsPlan["vpc"]): object {
  const subnets = ({ public: outside, private: inside }: AwsPlan["vpc"]["zones"][number]) => ({
    public: outside,
    private: inside,
  });
  return { ...vpc, ownership: kind, zones: named(zones, ({ name }) => name, subnets) };
}

function alarmText({ metric, statistic, comparison, threshold, period, periods }: AlarmPlan): string {
  return `${statistic} of ${metric.name} ${comparison} ${threshold}, ${periods} × ${period} s`;
}

/** Revisions before it was an option asked where the balancers do. */
function liveText({ live }: { readonly live?: CheckPlan["live"] }): string {
  return live === undefined ? "its health path" : (live ?? "a connection");
}

function named<T>(
  things: readonly T[],
  keyOf: (thing: T) => string,
  valueFor: (thing: T) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(things.map((thing) => [keyOf(thing), valueFor(thing)]));
}

/**
 * Why machines of all groups are others: what a launch template has beside what its group says. None where a side isn't on AWS.
 */
function templateReasons({ before, after }: Sides<ClusterPlan>): FieldChange[] {
  const [old, now] = [shaped(awsPart(before)), shaped(awsPart(after))];
  if (old === null || now === null) return [];
  return fieldsOf("aws", ["disk", "image", "key", "tags"], old, now);
}

/** Why the VPC is replaced, or another one is used: its kind, its range, its id, or where in it the cluster stands. */
function vpcReasons(settings: readonly FieldChange[]): FieldChange[] {
  return settings.filter(
    ({ path, before, after }) =>
      /^aws\.vpc\.(ownership|id|range)$/.test(path) ||
      // A zone that comes or goes has subnets on one side.
      (/^aws\.vpc\.zones\..*\.(public|private)$/.test(path) && before !== null && after !== null),
  );
}

/** Zones that come and go. */
export function zoneChanges({ before, after }: Sides<ClusterPlan>): {
  readonly added: readonly string[];
  readonly removed: readonly string[];
} {
  const of = (plan: ClusterPlan | null) => awsPart(plan)?.vpc.zones.map(({ name }) => name) ?? [];
  const [old, now] = [of(before), of(after)];
  return {
    added: now.filter((name) => !old.includes(name)),
    removed: old.filter((name) => !now.includes(name)),
  };
}

/** Where the cluster is. An account that is named for the first time is that as well, and one that isn't any more. */
function clusterReasons({ before, after }: Sides<ClusterPlan>): FieldChange[] {
  const [old, now] = [awsPart(before), awsPart(after)];
  const isNamed = old?.account != null && now?.account != null;
  return fieldsOf("aws", isNamed ? ["account", "region"] : ["region"], old, now);
}

/** How two plans on AWS differ. */
export const awsComparison = {
  settings: awsChanges,
  clusterReasons,
  networkReasons: (plans: Sides<ClusterPlan>) => vpcReasons(awsChanges(plans)),
  groupReasons: templateReasons,
  adoptsNetwork: (plan: ClusterPlan) => awsPart(plan)?.vpc.kind === "adopted",
};
