import { clusterNames, metrics } from "../../plan/platforms/aws/names.ts";
import { awsPlanOf } from "../../plan/platforms/aws/part.ts";
import type { AwsPlan } from "../../plan/platforms/aws/types.ts";
import type { ClusterPlan, GroupPlan } from "../../plan/types.ts";

/*
 * The dashboard as CloudWatch takes it: widgets on a grid 24 wide. The topology as text above, then a row for each group.
 */

/** Namespace, name, dimensions, and how to draw it where that isn't as the others. */
type Series = readonly (string | Readonly<Record<string, string>>)[];

/** The dashboard's document, the same for the same plan. */
export function dashboardBody(plan: ClusterPlan): string {
  const aws = awsPlanOf(plan);
  const widgets = [
    text(topology(plan, aws)),
    ...plan.groups.flatMap((group, index) => row(plan, aws, group, textHeight + index * rowHeight)),
  ];
  return JSON.stringify({ widgets });
}

const textHeight = 6;
const rowHeight = 6;

function text(markdown: string) {
  return { type: "text", x: 0, y: 0, width: 24, height: textHeight, properties: { markdown } };
}

/** Who stands behind whom, in words that a console shows. */
function topology(
  { cluster, environment, groups, routes }: ClusterPlan,
  { region, front, vpc }: AwsPlan,
): string {
  const number = ({ count, machine, waiting }: GroupPlan) =>
    `${count.desired} × ${machine.type}${waiting === null ? "" : `, ${waiting.count} ${waiting.state} in the warm pool`}`;
  return [
    `# ${cluster} (${environment})`,
    `${region}, zones ${vpc.zones.map(({ name }) => name).join(", ")}`,
    "",
    `clients → **${front.name}** (${front.listeners.map(({ protocol, port }) => `${protocol} ${port}`).join(", ")})`,
    ...groups.map(
      (group) =>
        `${group.role === "balancer" ? "→" : "→ →"} **${group.key}**, ${group.role}: ${number(group)}`,
    ),
    "",
    `routes: ${routes.map(({ path, pool }) => `\`${path}\` → ${pool}`).join(", ")}`,
  ].join("  \n");
}

function row(plan: ClusterPlan, aws: AwsPlan, group: GroupPlan, y: number) {
  const graphs = [
    graph(`${group.key}: machines`, aws, y, 0, "Maximum", [
      ["AWS/AutoScaling", "GroupInServiceInstances", "AutoScalingGroupName", group.name],
      ["AWS/AutoScaling", "GroupDesiredCapacity", "AutoScalingGroupName", group.name],
      ["AWS/AutoScaling", "WarmPoolWarmedCapacity", "AutoScalingGroupName", group.name],
    ]),
    graph(`${group.key}: CPU`, aws, y, 8, "Average", [
      ["AWS/EC2", "CPUUtilization", "AutoScalingGroupName", group.name],
    ]),
  ];
  if (group.pool === null || group.role !== "active") return graphs;
  const dimensions = ["Cluster", clusterNames(plan).dashboard, "Pool", group.pool];
  return [
    ...graphs,
    graph(
      `${group.pool}: 5xx in percent, retries, seconds until 99 in 100 are answered`,
      aws,
      y,
      16,
      "Average",
      [
        [metrics.namespace, metrics.errors, ...dimensions],
        [metrics.namespace, metrics.retries, ...dimensions, { stat: "Sum" }],
        [metrics.namespace, metrics.refused, ...dimensions, { stat: "Sum" }],
        // As the alarm reads it. Parts of a second are lost on an axis that goes to a hundred.
        [metrics.namespace, metrics.latency, ...dimensions, { stat: "p99", yAxis: "right" }],
      ],
    ),
  ];
}

function graph(
  title: string,
  { region }: AwsPlan,
  y: number,
  x: number,
  stat: string,
  series: readonly Series[],
) {
  const properties = { title, region, stat, period: 60, view: "timeSeries", metrics: series };
  return { type: "metric", x, y, width: 8, height: rowHeight, properties };
}
