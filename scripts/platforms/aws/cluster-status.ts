import { counted } from "../../../components/model/words.ts";
import { clusterNames, partitionOf } from "../../../components/plan/platforms/aws/names.ts";
import type { AlarmPlan, AwsPlan } from "../../../components/plan/platforms/aws/types.ts";
import { keyShown } from "../../../components/plan/shown.ts";
import type { ClusterPlan, GroupPlan } from "../../../components/plan/types.ts";
import { groupFindings } from "./findings.ts";
import {
  isReady,
  isRolling,
  type Observed,
  type ObservedGroup,
  type ObservedMachine,
  type ObservedRefresh,
} from "./observed.ts";

/** Version of the document that `status --json` prints for a stack whose machines are in groups. */
export const groupsStatusSchema = "hotspare.status-groups/1";

export interface GroupsStatus {
  readonly schema: typeof groupsStatusSchema;
  readonly stack: string;
  /** Its id. */
  readonly cluster: string;
  /** What people call it. */
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  /** `ok` all as planned; `degraded` serving, but not as planned; `down` nothing serves; `absent` nothing is there. */
  readonly state: "ok" | "degraded" | "down" | "absent";
  /** One sentence for each thing that isn't as planned. */
  readonly findings: readonly string[];
  /** What is under way by itself and no reason to worry. */
  readonly underWay: readonly string[];
  readonly url: string | null;
  /** Whether the URL answered; null where it wasn't asked. */
  readonly answers: boolean | null;
  /** Where the platform shows its graphs. */
  readonly dashboard: string;
  /** The load balancer, which is the virtual address. */
  readonly front: { readonly name: string; readonly address: string; readonly state: string } | null;
  readonly groups: readonly GroupStatus[];
  /** Those that say that something is wrong. */
  readonly alarms: readonly AlarmStatus[];
}

export interface GroupStatus {
  readonly key: string;
  /** The key with the pool's name in it, as people call it. */
  readonly shownAs: string;
  readonly name: string;
  readonly role: GroupPlan["role"];
  /** What the group keeps now, null when there is no group; targets may have moved it. */
  readonly desired: number | null;
  readonly inService: number;
  readonly coming: number;
  readonly leaving: number;
  /** Switched-off or waiting standbys; null where none are planned. */
  readonly waiting: { readonly planned: number; readonly ready: number } | null;
  /** The latest change that has rolled through it, or rolls now. */
  readonly refresh: ObservedRefresh | null;
  readonly machines: readonly MachineStatus[];
}

export interface MachineStatus extends Omit<ObservedMachine, "version"> {
  /** `waiting` is in the warm pool. */
  readonly stage: "in service" | "coming" | "leaving" | "waiting" | "standby";
}

export interface AlarmStatus {
  readonly key: string;
  readonly description: string;
  readonly since: string | null;
  readonly reason: string;
}

/** What is there, beside what was planned. */
export function groupsStatus(
  plan: ClusterPlan,
  aws: AwsPlan,
  stack: string,
  observed: Observed,
  answers: boolean | null,
): GroupsStatus {
  const groups = plan.groups.map((group) =>
    groupStatus(plan, group, observed.groups.get(group.name) ?? null),
  );
  const alarms = alarmsOf(aws.monitoring.alarms, observed);
  const findings = [
    ...plan.groups.flatMap((group) => groupFindings(group, observed.groups.get(group.name) ?? null)),
    ...frontFindings(observed, answers),
    ...alarms.map(({ key, description }) => `alarm ${key}: ${description}`),
  ];
  return {
    schema: groupsStatusSchema,
    stack,
    cluster: plan.cluster,
    name: plan.shownAs,
    owner: plan.owner,
    region: aws.region,
    state: stateOf(groups, observed, findings),
    findings,
    underWay: plan.groups.flatMap(({ key, name }) =>
      rolling(key, observed.groups.get(name)?.refresh ?? null),
    ),
    url: urlOf(aws, observed),
    answers,
    dashboard: dashboardUrl(plan, aws),
    front:
      observed.front === null
        ? null
        : { name: aws.front.name, address: observed.front.address, state: observed.front.state },
    groups,
    alarms,
  };
}

/** Where clients come in, plainly where they can; null without a load balancer. */
export function urlOf({ front }: AwsPlan, observed: Pick<Observed, "front">): string | null {
  const listener = front.listeners.find(({ key }) => key === "http") ?? front.listeners[0];
  if (observed.front === null || listener === undefined) return null;
  return `${listener.key === "http" ? "http" : "https"}://${observed.front.address}:${listener.port}`;
}

/** Where people look at AWS, where that isn't the usual place. */
const consoles: Readonly<Record<string, string>> = {
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

function dashboardUrl(plan: ClusterPlan, { region }: AwsPlan): string {
  const host = consoles[partitionOf(region)] ?? "console.aws.amazon.com";
  return `https://${region}.${host}/cloudwatch/home?region=${region}#dashboards/dashboard/${clusterNames(plan).dashboard}`;
}

function groupStatus(plan: ClusterPlan, group: GroupPlan, observed: ObservedGroup | null): GroupStatus {
  const machines = [
    ...(observed?.machines ?? []).map((machine) => machineStatus(machine, stageOf(machine.lifecycle))),
    ...(observed?.waiting ?? []).map((machine) => machineStatus(machine, "waiting")),
  ];
  const number = (stage: MachineStatus["stage"]) =>
    machines.filter((machine) => machine.stage === stage).length;
  return {
    key: group.key,
    shownAs: keyShown(plan, group.key, group.pool),
    name: group.name,
    role: group.role,
    desired: observed?.desired ?? null,
    inService: number("in service"),
    coming: number("coming"),
    leaving: number("leaving"),
    waiting:
      group.waiting === null
        ? null
        : { planned: group.waiting.count, ready: (observed?.waiting ?? []).filter(isReady).length },
    refresh: observed?.refresh ?? null,
    machines,
  };
}

function machineStatus(
  { version: _, ...machine }: ObservedMachine,
  stage: MachineStatus["stage"],
): MachineStatus {
  return { ...machine, stage };
}

/** Auto Scaling's many words of a machine's life (EC2 Auto Scaling user guide, instance lifecycle) as what they mean for serving. */
function stageOf(lifecycle: string): MachineStatus["stage"] {
  if (lifecycle === "InService") return "in service";
  if (lifecycle === "Standby" || lifecycle === "EnteringStandby") return "standby";
  return lifecycle.startsWith("Pending") ? "coming" : "leaving";
}

function rolling(key: string, refresh: ObservedRefresh | null): string[] {
  if (refresh === null || !isRolling(refresh)) return [];
  const back = refresh.status.startsWith("Rollback");
  const what = back ? "is turned back to its machines of before" : "is given new machines";
  const reason = refresh.reason === "" ? "" : `: ${refresh.reason}`;
  return [`${key} ${what}, ${refresh.percent} %, ${counted(refresh.left, "machine")} to go${reason}`];
}

function frontFindings({ front }: Observed, answers: boolean | null): string[] {
  if (front === null) return ["the load balancer is not there"];
  const state = front.state === "active" ? [] : [`the load balancer is ${front.state.replaceAll("_", " ")}`];
  return answers === false ? [...state, "the URL does not answer from here"] : state;
}

function alarmsOf(planned: readonly AlarmPlan[], { alarms }: Observed): AlarmStatus[] {
  return planned.flatMap(({ key, name, description }) => {
    const alarm = alarms.find((candidate) => candidate.name === name);
    if (alarm?.state !== "ALARM") return [];
    return [{ key, description, since: alarm.since, reason: alarm.reason }];
  });
}

function stateOf(
  groups: readonly GroupStatus[],
  { front }: Observed,
  findings: readonly string[],
): GroupsStatus["state"] {
  if (front === null && groups.every(({ desired }) => desired === null)) return "absent";
  const serves = (roles: readonly GroupPlan["role"][]) =>
    groups.some(({ role, machines }) => roles.includes(role) && machines.some(canServe));
  if (front === null || !serves(["balancer"]) || !serves(["active", "hot"])) return "down";
  return findings.length === 0 ? "ok" : "degraded";
}

function canServe({ stage, target }: MachineStatus): boolean {
  return stage === "in service" && (target === null || target.state === "healthy");
}
