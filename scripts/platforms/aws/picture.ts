import { withId } from "../../../components/plan/shown.ts";
import { paint, table } from "../../text.ts";
import type { GroupStatus, GroupsStatus, MachineStatus } from "./cluster-status.ts";

/** Two tables: the groups with their numbers, then every machine. */
export function groupsTable(status: GroupsStatus): string {
  const head = (...names: string[]) => names.map((name) => paint("dim", name));
  const groups = [
    head("group", "role", "in service", "coming", "leaving", "waiting", "last change"),
    ...status.groups.map(groupRow),
  ];
  const machines = [
    head("machine", "group", "zone", "address", "state", "checks"),
    ...status.groups.flatMap((group) => group.machines.map((machine) => machineRow(group, machine))),
  ];
  return machines.length === 1 ? table(groups) : `${table(groups)}\n\n${table(machines)}`;
}

function groupRow(group: GroupStatus): string[] {
  const { key, shownAs, role, desired, inService, coming, leaving, waiting, refresh } = group;
  const whole = desired !== null && inService >= desired;
  const number = desired === null ? "not there" : `${inService} of ${desired}`;
  return [
    withId(shownAs, key),
    role,
    paint(whole ? "green" : "red", number),
    String(coming),
    String(leaving),
    waiting === null ? "–" : `${waiting.ready} of ${waiting.planned}`,
    refresh === null ? "–" : `${refresh.status}${refresh.ended === null ? `, ${refresh.percent} %` : ""}`,
  ];
}

function machineRow({ key, shownAs }: GroupStatus, machine: MachineStatus): string[] {
  const { id, zone, address, lifecycle, healthy, target } = machine;
  const state = healthy ? lifecycle : `${lifecycle}, unhealthy`;
  return [
    id,
    withId(shownAs, key),
    zone,
    address ?? "–",
    paint(isWell(machine) ? "green" : machine.stage === "waiting" ? "dim" : "yellow", state),
    target === null ? "–" : paint(target.state === "healthy" ? "green" : "red", target.state),
  ];
}

function isWell({ stage, healthy }: MachineStatus): boolean {
  return stage === "in service" && healthy;
}

/** A small picture of who stands in front of whom. */
export function groupsTopology({ front, groups }: GroupsStatus): string {
  const address = front === null ? paint("red", "no load balancer") : `${front.address}  (${front.state})`;
  const width = Math.max(...groups.map(({ key, shownAs }) => withId(shownAs, key).length), "waiting".length);
  const lines = groups.flatMap(({ key, shownAs, machines }) => {
    const serving = machines.filter(({ stage }) => stage !== "waiting").map(mark);
    const waiting = machines.filter(({ stage }) => stage === "waiting").map(mark);
    return [
      `${withId(shownAs, key).padEnd(width)}  ${serving.join("   ") || paint("red", "nobody")}`,
      ...(waiting.length === 0 ? [] : [`${"waiting".padEnd(width)}  ${waiting.join("   ")}`]),
    ];
  });
  const branch = (index: number) => (index === 0 ? "│  " : index === lines.length - 1 ? "└─ " : "├─ ");
  return [
    `  clients ──▶ ${address}`,
    ...lines.map((line, index) => `                 ${branch(index)}${line}`),
  ].join("\n");
}

function mark(machine: MachineStatus): string {
  const { id, zone, stage } = machine;
  const dot =
    stage === "waiting"
      ? "○"
      : isWell(machine)
        ? paint("green", "●")
        : stage === "coming"
          ? paint("yellow", "◌")
          : paint("red", "✗");
  // The last letter of a zone is all that differs within a region.
  return `${dot} ${id} (${zone.slice(-1)})`;
}

/** Where the cluster answers and where it is watched, one a line. */
export function groupsUrls({ url, dashboard, answers }: GroupsStatus): string {
  const how = answers === null ? "" : answers ? "answers from here" : "does not answer from here";
  return table([...(url === null ? [] : [[`  ${url}`, how]]), [`  ${dashboard}`, "graphs and alarms"]]);
}
