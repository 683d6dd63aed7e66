import { setTimeout as sleep } from "node:timers/promises";
import {
  ActiveInstanceRefreshNotFoundFault,
  type AutoScalingClient,
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  type DesiredConfiguration,
  type InstanceRefresh,
  type RefreshPreferences,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import type { AskedMachines, RollPace } from "../../../components/platform/aws/index.ts";

/*
 * A change that rolls through a group, as an instance refresh with a desired configuration: the group keeps its template until all
 * machines are replaced, so what it launches meanwhile is of the old one, and that is what AWS turns back to.
 */

export interface RollArgs {
  readonly client: AutoScalingClient;
  readonly asked: AskedMachines;
  readonly pace: RollPace;
  /** Hears how far it is. */
  readonly say: (text: string) => void;
  /** Ends the waiting; the change itself goes on. */
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at most. */
  readonly longestPause?: number;
}

/**
 * Has AWS replace the machines and waits until it has. Goes on with a change to the same that is under way, and cancels one to
 * something else: the newest is what is wanted.
 *
 * @throws Error when AWS turned it back, or the waiting was ended
 */
export async function rollGroup(args: RollArgs): Promise<void> {
  const { client, asked, say } = args;
  const wanted = configurationOf(asked);
  const running = await latest(client, asked.group);
  if (running !== null && isUnderWay(running)) {
    if (isSame(running.DesiredConfiguration, wanted) && !isEnding(running))
      return follow(args, running.InstanceRefreshId ?? "");
    await endOther(args, running);
  }
  if (await isMadeOf(client, asked.group, wanted)) return;
  const { InstanceRefreshId = "" } = await client.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: asked.group,
      Strategy: "Rolling",
      DesiredConfiguration: wanted,
      Preferences: preferencesOf(args.pace),
    }),
  );
  say(`${asked.group}: AWS begins to replace the machines`);
  return follow(args, InstanceRefreshId);
}

/** One to something else, or one that goes back: that can't be cancelled and ends by itself. */
async function endOther(
  args: RollArgs,
  { InstanceRefreshId = "", ...refresh }: InstanceRefresh,
): Promise<void> {
  const { client, asked, say } = args;
  if (isEnding(refresh))
    say(`${asked.group}: an earlier change is being turned back, which has to end first`);
  else {
    say(`${asked.group}: an earlier change is under way and is cancelled, since there is a newer one`);
    await client
      .send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: asked.group }))
      .catch(unlessItEnded);
  }
  await untilOver(args, InstanceRefreshId);
}

/** Between the look and the word to cancel it. */
function unlessItEnded(error: unknown): void {
  if (!(error instanceof ActiveInstanceRefreshNotFoundFault)) throw error;
}

async function follow(args: RollArgs, id: string): Promise<void> {
  const { Status, StatusReason, RollbackDetails: back } = await untilOver(args, id);
  if (Status === "Successful") return;
  const reason = (back?.RollbackReason ?? StatusReason ?? "AWS gives no reason").trim().replace(/\.$/, "");
  // Of all ends this alone says that the machines of before are back (EC2 Auto Scaling API, InstanceRefresh, Status).
  throw new Error(
    Status === "RollbackSuccessful"
      ? `${args.asked.group}: the change did not take (${reason}). The machines of before serve on; \`./hotspare events\` has what new ones said last that did not get ready. Fix the stack and run \`up\` again, which tries again, or go back`
      : `${args.asked.group}: the change did not take (${reason}), and AWS ${Status === "RollbackFailed" ? "could not turn it back" : `has not turned it back (${Status})`}: new machines are among the old ones; look at the group's events`,
  );
}

/** So many looks in a row AWS may not list a change that it has begun: about 80 s. */
const mostUnlisted = 20;

/** Looks again and again, soon in the beginning. @throws Error for a change that AWS doesn't list, and where the waiting is ended */
async function untilOver(args: RollArgs, id: string): Promise<InstanceRefresh> {
  const { client, asked, say, signal, longestPause = 5000 } = args;
  let unlisted = 0;
  for (let looks = 0; ; looks++) {
    const refresh = await latest(client, asked.group, id);
    unlisted = refresh === null ? unlisted + 1 : 0;
    if (unlisted === mostUnlisted)
      throw new Error(
        `${asked.group}: AWS does not list the change (${id}), so nobody knows how it ends; look at the group's events and run \`up\` again`,
      );
    if (refresh !== null && !isUnderWay(refresh)) return refresh;
    const { PercentageComplete = 0, StatusReason = "" } = refresh ?? {};
    say(`${asked.group}: ${PercentageComplete} % replaced${StatusReason === "" ? "" : `, ${StatusReason}`}`);
    await sleep(Math.min(longestPause, 250 * 2 ** looks), undefined, { signal }).catch(() => {
      throw new Error(
        `${asked.group}: the change (${id}) goes on at AWS by itself; run \`up\` again to wait for its end, change the stack to replace it by another, or stop it with \`aws autoscaling cancel-instance-refresh --auto-scaling-group-name ${asked.group}\``,
      );
    });
  }
}

/** The newest of a group, or the one of that id; null where there is none. */
async function latest(
  client: AutoScalingClient,
  group: string,
  id?: string,
): Promise<InstanceRefresh | null> {
  const { InstanceRefreshes = [] } = await client.send(
    new DescribeInstanceRefreshesCommand({
      AutoScalingGroupName: group,
      ...(id === undefined ? { MaxRecords: 1 } : { InstanceRefreshIds: [id] }),
    }),
  );
  return InstanceRefreshes[0] ?? null;
}

const over = new Set(["Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"]);
const isUnderWay = ({ Status }: InstanceRefresh) => !over.has(Status ?? "");
/** Its machines do not become what was asked for any more. */
const isEnding = ({ Status }: InstanceRefresh) => Status === "RollbackInProgress" || Status === "Cancelling";

function configurationOf({ template, version, mixed }: AskedMachines): DesiredConfiguration {
  const specification = { LaunchTemplateId: template, Version: version };
  if (mixed === null) return { LaunchTemplate: specification };
  return {
    MixedInstancesPolicy: {
      InstancesDistribution: {
        OnDemandBaseCapacity: mixed.onDemand,
        OnDemandPercentageAboveBaseCapacity: 100 - (mixed.share ?? 100),
        SpotAllocationStrategy: "price-capacity-optimized",
      },
      LaunchTemplate: {
        LaunchTemplateSpecification: specification,
        Overrides: mixed.types.map((InstanceType) => ({ InstanceType })),
      },
    },
  };
}

/** AWS fills in what nobody asked for, and so only what is asked for counts. */
function isSame(known: DesiredConfiguration | undefined, wanted: DesiredConfiguration): boolean {
  const said = ({ LaunchTemplate, MixedInstancesPolicy: mixed }: DesiredConfiguration) => {
    const { LaunchTemplateId, Version } =
      LaunchTemplate ?? mixed?.LaunchTemplate?.LaunchTemplateSpecification ?? {};
    const types = mixed?.LaunchTemplate?.Overrides?.map(({ InstanceType }) => InstanceType);
    return JSON.stringify([
      LaunchTemplateId,
      Version,
      types ?? null,
      mixed?.InstancesDistribution?.OnDemandBaseCapacity ?? null,
      mixed?.InstancesDistribution?.OnDemandPercentageAboveBaseCapacity ?? null,
    ]);
  };
  return known !== undefined && said(known) === said(wanted);
}

async function isMadeOf(
  client: AutoScalingClient,
  name: string,
  wanted: DesiredConfiguration,
): Promise<boolean> {
  const { AutoScalingGroups: [group] = [] } = await client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  if (group === undefined)
    throw new Error(`${name}: AWS has no such group; run \`up\` again with a look at what is there`);
  return isSame(group, wanted);
}

/** Turned back by itself; machines that are as wanted stay (EC2 Auto Scaling API, RefreshPreferences). */
function preferencesOf(pace: RollPace): RefreshPreferences {
  return {
    AutoRollback: true,
    SkipMatching: true,
    ScaleInProtectedInstances: "Refresh",
    MinHealthyPercentage: pace.minHealthyPercent,
    MaxHealthyPercentage: pace.maxHealthyPercent,
    InstanceWarmup: pace.warmup,
    CheckpointPercentages: [...pace.checkpoints],
    CheckpointDelay: pace.pause,
    ...(pace.alarms.length === 0 ? {} : { AlarmSpecification: { Alarms: [...pace.alarms] } }),
  };
}
