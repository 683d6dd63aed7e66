import { counted } from "../../../components/model/words.ts";
import type { GroupPlan } from "../../../components/plan/types.ts";
import { isReady, isRefused, isRolling, type ObservedGroup, type ObservedMachine } from "./observed.ts";

/** What of a group isn't as planned, a sentence each. */
export function groupFindings(group: GroupPlan, observed: ObservedGroup | null): string[] {
  const { key } = group;
  if (observed === null) return [`${key} is not there`];
  return [
    ...numberFindings(group, observed),
    ...observed.machines.flatMap((machine) => machineFindings(key, machine)),
    ...waitingFindings(group, observed),
    ...changeFindings(key, observed),
    ...(observed.suspended.length === 0
      ? []
      : [
          `${key} has been set not to ${observed.suspended.join(", ")} (suspended processes), so it may not repair itself`,
        ]),
  ];
}

function numberFindings({ key, count, targets }: GroupPlan, { desired, machines }: ObservedGroup): string[] {
  const inService = machines.filter(({ lifecycle }) => lifecycle === "InService").length;
  const coming = machines.filter(({ lifecycle }) => lifecycle.startsWith("Pending")).length;
  return [
    ...(targets.length === 0 && desired !== count.desired
      ? [`${key} keeps ${counted(desired, "machine")}, and the plan says ${count.desired}`]
      : []),
    ...(inService < desired
      ? [`${key} has ${inService} of ${desired} in service${coming === 0 ? "" : `, ${coming} on the way`}`]
      : []),
  ];
}

function machineFindings(key: string, { id, zone, lifecycle, healthy, target }: ObservedMachine): string[] {
  const machine = `${key}: ${id} in ${zone}`;
  if (lifecycle !== "InService") return [];
  if (!healthy) return [`${machine} is unhealthy, and its group is about to replace it`];
  switch (target?.state) {
    case undefined:
    case "healthy":
    case "draining":
      return [];
    case "initial":
      return [`${machine} has not passed its checks yet`];
    default:
      return [`${machine} fails its checks${target?.reason ? ` (${target.reason})` : ""}`];
  }
}

function waitingFindings({ key, waiting }: GroupPlan, observed: ObservedGroup): string[] {
  if (waiting === null) return [];
  const ready = observed.waiting.filter(isReady).length;
  return ready < waiting.count
    ? [`${key} has ${ready} of ${waiting.count} ${waiting.state} standbys waiting`]
    : [];
}

/** A change that was turned back, or machines that one has never reached. */
function changeFindings(key: string, { refresh, machines, version }: ObservedGroup): string[] {
  if (refresh !== null && isRolling(refresh)) return [];
  if (refresh !== null && isRefused(refresh)) {
    const why = refresh.reason === "" ? "" : `: ${refresh.reason}`;
    return [`the last change of ${key} did not come to its end (${words(refresh.status)})${why}`];
  }
  const older = machines.filter((machine) => machine.version !== null && machine.version !== version).length;
  return version !== null && older > 0
    ? [
        `${counted(older, "machine")} of ${key} ${older === 1 ? "is" : "are"} of another version of the template than the group's`,
      ]
    : [];
}

/** `RollbackSuccessful` as `rollback successful`. */
function words(status: string): string {
  return status.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
