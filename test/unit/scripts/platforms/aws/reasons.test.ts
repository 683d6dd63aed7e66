import { expect, test } from "vitest";
import type { GroupEvent } from "../../../../../scripts/platforms/aws/activities.ts";
import { failuresIn } from "../../../../../scripts/platforms/aws/reasons.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

const plan = awsPlan();
const since = new Date("2026-05-01T10:00:00Z");
const launch = (minute: number, status: string, more: Partial<GroupEvent> = {}): GroupEvent => ({
  schema: 1,
  time: new Date(since.getTime() + minute * 60_000).toISOString(),
  group: "web",
  event: "launch",
  status,
  why: "We currently do not have sufficient t3.small capacity.",
  ...more,
});

test("the newest launch of each group that has failed is told in AWS's words", () => {
  const lb = launch(1, "Cancelled", {
    group: "lb",
    node: "i-1",
    why: "was abandoned",
    lastLines: ["one", "two", "E: no such package", "gone"],
  });
  expect(failuresIn(plan, [launch(0, "Failed", { why: "older" }), lb, launch(2, "Failed")], since)).toEqual([
    "lb: the launch of i-1 has ended (was abandoned); its machine said last: two / E: no such package / gone",
    "web: the launch of a machine has failed (We currently do not have sufficient t3.small capacity)",
  ]);
});

test.each([
  ["one that AWS has made good for", [launch(0, "Failed"), launch(1, "Successful")]],
  ["one of before", [launch(-1, "Failed")]],
  ["one that is under way", [launch(0, "InProgress")]],
  ["what isn't a launch", [launch(0, "Failed", { event: "terminate" })]],
])("%s is no reason", (_, events) => {
  expect(failuresIn(plan, events, since)).toEqual([]);
});
