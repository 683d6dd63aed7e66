import {
  type Activity,
  DescribeInstanceRefreshesCommand,
  type InstanceRefresh,
  paginateDescribeScalingActivities,
} from "@aws-sdk/client-auto-scaling";
import type { GroupPlan } from "../../../components/plan/types.ts";
import type { AwsAccess } from "./access.ts";
import { lastLines } from "./console.ts";
import { asking } from "./errors.ts";

/** Something that AWS did with a group, for a line of its own. */
export interface GroupEvent {
  readonly schema: 1;
  /** ISO 8601. */
  readonly time: string;
  /** Key of the group. */
  readonly group: string;
  readonly event: "launch" | "terminate" | "change" | "other";
  /** AWS's word, e.g. `Successful`, `Failed`, `InProgress`. */
  readonly status: string;
  /** Identifier of the machine, where it is about one. */
  readonly node?: string;
  readonly why: string;
  /** What the machine's first boot said last, where it has failed. */
  readonly lastLines?: readonly string[];
}

/**
 * What was done with the groups, the oldest first: machines that came and went, and changes that rolled through. AWS keeps six weeks.
 *
 * @param tail how many of each group
 */
export function eventsOf(
  access: AwsAccess,
  groups: readonly GroupPlan[],
  tail: number,
): Promise<GroupEvent[]> {
  return asking(access.region, async () => {
    const found = await Promise.all(
      groups.map(async (group) => [
        ...(await activitiesOf(access, group, tail)),
        ...(await changesOf(access, group, tail)),
      ]),
    );
    return found.flat().sort((a, b) => (a.time < b.time ? -1 : 1));
  });
}

/** Of so many machines of a group, the newest, the console is asked. */
const mostConsoles = 3;

/** Machines that never got into service, with what they said of it. */
async function withLastLines(ec2: AwsAccess["ec2"], events: readonly GroupEvent[]): Promise<GroupEvent[]> {
  const failed = events.filter(
    ({ event, status, node }) =>
      event === "launch" && /^(Failed|Cancelled)$/.test(status) && node !== undefined,
  );
  const asked = new Set(failed.slice(0, mostConsoles));
  return Promise.all(
    events.map(async (event) => {
      const lines = asked.has(event) ? await lastLines(ec2, event.node ?? "") : [];
      return lines.length === 0 ? event : { ...event, lastLines: lines };
    }),
  );
}

async function activitiesOf(
  { autoScaling: client, ec2 }: AwsAccess,
  { key, name }: GroupPlan,
  tail: number,
): Promise<GroupEvent[]> {
  const events: GroupEvent[] = [];
  const pages = paginateDescribeScalingActivities(
    { client, pageSize: Math.min(100, Math.max(1, tail)) },
    { AutoScalingGroupName: name },
  );
  try {
    for await (const page of pages) {
      events.push(...(page.Activities ?? []).map((activity) => activityEvent(key, activity)));
      if (events.length >= tail) break;
    }
  } catch (error) {
    if (isNoGroup(error)) return [];
    throw error;
  }
  return withLastLines(ec2, events.slice(0, tail));
}

/** A group that isn't there is none, and no failure. */
function isNoGroup(error: unknown): boolean {
  const { name, message } = error as Error;
  return name === "ValidationError" && /not found/i.test(message);
}

const kinds = { Launching: "launch", Terminating: "terminate" } as const;

/** AWS tells what it does in a sentence such as `Launching a new EC2 instance: i-0123`, and why in another one. */
function activityEvent(group: string, activity: Activity): GroupEvent {
  const { Description = "", Cause = "", StatusCode = "", StatusMessage } = activity;
  const [first] = Description.split(" ");
  const [node] = /\bi-[0-9a-f]+/.exec(Description) ?? [];
  const time = (activity.StartTime ?? new Date(0)).toISOString();
  return {
    schema: 1,
    time,
    group,
    event: kinds[first as keyof typeof kinds] ?? "other",
    status: StatusCode,
    ...(node === undefined ? {} : { node }),
    why: StatusMessage === undefined ? Cause.trim() : `${StatusMessage.trim()} (${Cause.trim()})`,
  };
}

async function changesOf(
  { autoScaling }: AwsAccess,
  { key, name }: GroupPlan,
  tail: number,
): Promise<GroupEvent[]> {
  try {
    const { InstanceRefreshes = [] } = await autoScaling.send(
      new DescribeInstanceRefreshesCommand({
        AutoScalingGroupName: name,
        MaxRecords: Math.min(100, Math.max(1, tail)),
      }),
    );
    return InstanceRefreshes.flatMap((refresh) => changeEvents(key, refresh));
  } catch (error) {
    if (isNoGroup(error)) return [];
    throw error;
  }
}

/** A change begins, and ends in one way or another. */
function changeEvents(group: string, refresh: InstanceRefresh): GroupEvent[] {
  const { StartTime, EndTime, Status = "", StatusReason = "", RollbackDetails: back } = refresh;
  const event = (time: Date, status: string, why: string): GroupEvent => ({
    schema: 1,
    time: time.toISOString(),
    group,
    event: "change",
    status,
    why,
  });
  const why = back?.RollbackReason ?? StatusReason;
  return [
    ...(StartTime === undefined ? [] : [event(StartTime, "InProgress", "")]),
    ...(EndTime === undefined ? [] : [event(EndTime, Status, why.trim())]),
  ];
}
