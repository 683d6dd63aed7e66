import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { awsPlanOf } from "../../../../../components/plan/platforms/aws/part.ts";
import { type GroupsStatus, groupsStatus } from "../../../../../scripts/platforms/aws/cluster-status.ts";
import type { Observed, ObservedGroup } from "../../../../../scripts/platforms/aws/observed.ts";
import { groupsTable, groupsTopology, groupsUrls } from "../../../../../scripts/platforms/aws/picture.ts";
import { machine, observedOf, refresh } from "../../../../support/aws/observed.ts";
import { awsPlan } from "../../../../support/aws/stacks.ts";

const plan = awsPlan({}, { pools: { web: { active: 2, standby: { hot: 1, cold: 1 } } } });
const scaled = awsPlan({ pools: { web: { scaling: { max: 6, targets: [{ kind: "cpu", percent: 60 }] } } } });

type Groups = Readonly<Record<string, Partial<ObservedGroup> | null>>;

function statusWith(
  groups: Groups = {},
  fields: Partial<Observed> = {},
  answers: boolean | null = true,
  of = plan,
): GroupsStatus {
  return groupsStatus(of, awsPlanOf(of), "test", observedOf(of, groups, fields), answers);
}

const lb1 = machine("i-lb1");

describe("the status of groups", () => {
  test("as planned is ok and has nothing to say", () => {
    const { state, findings, underWay, url, dashboard, schema, region } = statusWith();
    expect({ state, findings, underWay, url, dashboard, schema, region }).toEqual({
      state: "ok",
      findings: [],
      underWay: [],
      url: "http://demo.elb.eu-central-1.amazonaws.com:80",
      dashboard:
        "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/demo-0123",
      schema: "hotspare.status-groups/1",
      region: "eu-central-1",
    });
  });

  const cases: readonly (readonly [string, Groups, GroupsStatus["state"], string[]])[] = [
    ["a group that is gone", { "web-hot": null }, "degraded", ["web-hot is not there"]],
    [
      "a machine that is being made",
      { web: { machines: [machine("i-1"), machine("i-2", { lifecycle: "Pending:Wait" })] } },
      "degraded",
      ["web has 1 of 2 in service, 1 on the way"],
    ],
    [
      "a machine that nobody replaces",
      { web: { machines: [machine("i-1")] } },
      "degraded",
      ["web has 1 of 2 in service"],
    ],
    [
      "a machine that fails its checks",
      {
        web: {
          machines: [
            machine("i-1"),
            machine("i-2", { target: { state: "unhealthy", reason: "Target.FailedHealthChecks" } }),
          ],
        },
      },
      "degraded",
      ["web: i-2 in eu-central-1a fails its checks (Target.FailedHealthChecks)"],
    ],
    [
      "a machine in a zone that the load balancer doesn't serve",
      { web: { machines: [machine("i-1"), machine("i-2", { target: { state: "unused", reason: "" } })] } },
      "degraded",
      ["web: i-2 in eu-central-1a fails its checks"],
    ],
    [
      "a machine that hasn't been checked yet",
      { web: { machines: [machine("i-1"), machine("i-2", { target: { state: "initial", reason: "" } })] } },
      "degraded",
      ["web: i-2 in eu-central-1a has not passed its checks yet"],
    ],
    [
      "a machine that its group gives up",
      { web: { machines: [machine("i-1"), machine("i-2", { healthy: false })] } },
      "degraded",
      ["web: i-2 in eu-central-1a is unhealthy, and its group is about to replace it"],
    ],
    [
      "a standby that isn't ready yet",
      { web: { waiting: [machine("i-w", { lifecycle: "Warmed:Pending:Wait" })] } },
      "degraded",
      ["web has 0 of 1 stopped standbys waiting"],
    ],
    [
      "a number that somebody changed",
      { web: { desired: 3, machines: ["1", "2", "3"].map((id) => machine(id)) } },
      "degraded",
      ["web keeps 3 machines, and the plan says 2"],
    ],
    [
      "a change that was turned back",
      {
        web: {
          refresh: refresh("RollbackSuccessful", { reason: "an alarm rose", ended: "2026-01-01T00:00:00Z" }),
        },
      },
      "degraded",
      ["the last change of web did not come to its end (rollback successful): an alarm rose"],
    ],
    [
      "a change that came to its end",
      { web: { refresh: refresh("Successful", { percent: 100 }) } },
      "ok",
      [],
    ],
    [
      "machines that no change has reached",
      { web: { version: "2", machines: [machine("i-1", { version: "2" }), machine("i-2")] } },
      "degraded",
      ["1 machine of web is of another version of the template than the group's"],
    ],
    [
      "a group that was told to do nothing",
      { web: { suspended: ["Launch", "Terminate"] } },
      "degraded",
      ["web has been set not to Launch, Terminate (suspended processes), so it may not repair itself"],
    ],
    ["no balancer", { lb: { machines: [] } }, "down", ["lb has 0 of 2 in service"]],
    [
      "balancers that all fail their checks",
      { lb: { machines: [machine("i-1", { target: { state: "unhealthy", reason: "" } })], desired: 1 } },
      "down",
      ["lb keeps 1 machine, and the plan says 2", "lb: i-1 in eu-central-1a fails its checks"],
    ],
    [
      "no active node, and a hot one that serves",
      { web: { machines: [] } },
      "degraded",
      ["web has 0 of 2 in service"],
    ],
  ];
  test.each(cases)("%s", (_, groups, state, findings) => {
    const status = statusWith(groups);
    expect({ state: status.state, findings: status.findings }).toEqual({ state, findings });
  });

  test("tells of a change that rolls, and holds machines of before against nobody meanwhile", () => {
    const rolling = refresh("InProgress", { reason: "Waiting for instances to warm up." });
    const { findings, underWay } = statusWith({ web: { refresh: rolling, version: "2" } });
    expect(findings).toEqual([]);
    expect(underWay).toEqual([
      "web is given new machines, 40 %, 2 machines to go: Waiting for instances to warm up.",
    ]);
    expect(statusWith({ web: { refresh: refresh("RollbackInProgress") } }).underWay).toEqual([
      "web is turned back to its machines of before, 40 %, 2 machines to go",
    ]);
  });

  test("leaves the number alone where targets move it", () => {
    const machines = ["1", "2", "3"].map((id) => machine(`i-${id}`));
    expect(statusWith({ web: { desired: 3, machines } }, {}, true, scaled).findings).toEqual([]);
  });

  test("tells of planned alarms that have risen, and of no others", () => {
    const alarm = (name: string, state: "ALARM" | "OK") => ({
      name,
      state,
      since: null,
      reason: "Threshold crossed",
    });
    const alarms = [
      alarm("demo-0123-web-capacity", "ALARM"),
      alarm("demo-0123-lb-none", "OK"),
      alarm("other", "ALARM"),
    ];
    const { state, findings } = statusWith({}, { alarms });
    expect({ state, findings }).toEqual({
      state: "degraded",
      findings: ["alarm web-capacity: Fewer than the 2 nodes that web needs are in service."],
    });
  });

  test("with a URL that doesn't answer is degraded; one that wasn't asked is no finding", () => {
    expect(statusWith({}, {}, false).findings).toEqual(["the URL does not answer from here"]);
    expect(statusWith({}, {}, null).state).toBe("ok");
  });

  test("without a load balancer is down, and absent without groups too", () => {
    expect(statusWith({}, { front: null }, null)).toMatchObject({ state: "down", url: null, front: null });
    expect(statusWith({ lb: null, web: null, "web-hot": null }, { front: null }, null).state).toBe("absent");
  });
});

describe("the picture", () => {
  const status = statusWith({
    lb: { machines: [lb1, machine("i-lb2", { zone: "eu-central-1b" })] },
    web: {
      machines: [machine("i-1"), machine("i-2", { lifecycle: "Pending:Wait", address: null, target: null })],
      refresh: refresh("InProgress"),
    },
  });

  test("has a line for each group and each machine", () => {
    expect(stripVTControlCharacters(groupsTable(status)).split("\n")).toEqual([
      "group    role      in service  coming  leaving  waiting  last change",
      "lb       balancer  2 of 2      0       0        –        –",
      "web      active    1 of 2      1       0        1 of 1   InProgress, 40 %",
      "web-hot  hot       1 of 1      0       0        –        –",
      "",
      "machine     group    zone           address     state           checks",
      "i-lb1       lb       eu-central-1a  10.77.0.20  InService       healthy",
      "i-lb2       lb       eu-central-1b  10.77.0.20  InService       healthy",
      "i-1         web      eu-central-1a  10.77.0.20  InService       healthy",
      "i-2         web      eu-central-1a  –           Pending:Wait    –",
      "i-webw1     web      eu-central-1a  10.77.0.20  Warmed:Stopped  –",
      "i-web-hot1  web-hot  eu-central-1a  10.77.0.20  InService       healthy",
    ]);
  });

  test("shows who stands in front of whom", () => {
    expect(stripVTControlCharacters(groupsTopology(status)).split("\n")).toEqual([
      "  clients ──▶ demo.elb.eu-central-1.amazonaws.com  (active)",
      "                 │  lb       ● i-lb1 (a)   ● i-lb2 (b)",
      "                 ├─ web      ● i-1 (a)   ◌ i-2 (a)",
      "                 ├─ waiting  ○ i-webw1 (a)",
      "                 └─ web-hot  ● i-web-hot1 (a)",
    ]);
  });

  test("names the URL with who it answers, and the dashboard", () => {
    expect(groupsUrls(statusWith({}, {}, false))).toContain("demo.elb.eu-central-1.amazonaws.com:80");
    expect(groupsUrls(statusWith({}, {}, false))).toContain("does not answer from here");
  });
});
