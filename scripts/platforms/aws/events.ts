import { setTimeout as sleep } from "node:timers/promises";
import { keyShown, withId } from "../../../components/plan/shown.ts";
import { clock } from "../../events/sentence.ts";
import { NothingRuns } from "../../nothing-runs.ts";
import { say } from "../../terminal.ts";
import { paint } from "../../text.ts";
import { visibleJson, visibleLine } from "../../visible.ts";
import type { FeedOptions } from "../contract.ts";
import { eventsOf, type GroupEvent } from "./activities.ts";
import { asking } from "./errors.ts";
import { groupsOf } from "./look.ts";
import { subjectOf } from "./observe.ts";

/** Milliseconds between two looks when following; AWS has no way to be told. */
const pause = 5000;

/** What Auto Scaling did with its groups. */
export async function printEvents(stack: string, { json, follow, tail }: FeedOptions): Promise<void> {
  const { access, plan } = subjectOf(stack);
  const existing = await asking(access.region, () => groupsOf(access, plan.groups));
  if (existing.length === 0) throw new NothingRuns(stack);
  const told = new Set<string>();
  for (;;) {
    for (const event of await eventsOf(access, plan.groups, tail)) {
      const { pool = null } = plan.groups.find(({ key }) => key === event.group) ?? {};
      const shown = { ...event, group: withId(keyShown(plan, event.group, pool), event.group) };
      const line = json ? visibleJson(event) : groupSentence(shown);
      if (!told.has(line)) say(line);
      told.add(line);
    }
    if (!follow) return;
    await sleep(pause);
  }
}

const doings: Readonly<Record<GroupEvent["event"], (node: string) => string>> = {
  launch: (node) => `launches ${node}`,
  terminate: (node) => `terminates ${node}`,
  change: () => "new machines",
  other: () => "",
};

/** With what a machine that didn't get ready said last, indented below. `14:03:07.576  web  launches i-0123: Successful, At … an instance was started in response to …`, in local time. */
export function groupSentence({ time, group, event, node, status, why, lastLines = [] }: GroupEvent): string {
  const done = doings[event](node ?? "a machine");
  const outcome = why === "" ? status : `${status}, ${why}`;
  const text = visibleLine(done === "" ? outcome : `${done}: ${outcome}`);
  const bad = /Fail|Cancel|Rollback/.test(status);
  const said = lastLines.map((line) => `\n    | ${visibleLine(line)}`).join("");
  return `${clock(time)}  ${group}  ${paint(bad ? "red" : event === "terminate" ? "yellow" : "dim", text)}${said}`;
}
