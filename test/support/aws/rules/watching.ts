import type { Fields } from "../catalogue/types.ts";
import { on, type Problem, refuse, textAt } from "./types.ts";

const comparisons = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
const statistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];
const missing = ["breaching", "notBreaching", "ignore", "missing"];

/** CloudWatch API, PutMetricAlarm. */
function checkAlarm(inputs: Fields): Problem[] {
  const { statistic, extendedStatistic, comparisonOperator, treatMissingData } = inputs;
  return [
    ...checkTimes(inputs),
    ...refuse(
      (statistic === undefined) === (extendedStatistic === undefined),
      "statistic",
      "an alarm has either a statistic or an extended one",
    ),
    ...refuse(
      statistic !== undefined && !statistics.includes(String(statistic)),
      "statistic",
      `"${statistic}" is none`,
    ),
    ...refuse(
      extendedStatistic !== undefined &&
        !/^(p|tm|tc|ts|wm)(\d{1,2}(\.\d{1,10})?|100)$/.test(String(extendedStatistic)),
      "extendedStatistic",
      `"${extendedStatistic}" is none`,
    ),
    ...refuse(
      !comparisons.includes(String(comparisonOperator)),
      "comparisonOperator",
      `"${comparisonOperator}" is none`,
    ),
    ...refuse(
      !missing.includes(String(treatMissingData)),
      "treatMissingData",
      `"${treatMissingData}" is none`,
    ),
    ...refuse(
      Object.keys((inputs.dimensions ?? {}) as Fields).length > 30,
      "dimensions",
      "a metric has at most 30",
    ),
    ...refuse(
      ((inputs.alarmActions ?? []) as readonly unknown[]).length > 5,
      "alarmActions",
      "an alarm has at most 5",
    ),
    ...refuse(
      (textAt(inputs, "alarmDescription")?.length ?? 0) > 1024,
      "alarmDescription",
      "is longer than 1,024 characters",
    ),
  ];
}

/** Seven days at most, one for periods below an hour. */
function checkTimes({ period, evaluationPeriods, datapointsToAlarm = evaluationPeriods }: Fields): Problem[] {
  const [length, periods, points] = [period, evaluationPeriods, datapointsToAlarm].map(Number) as [
    number,
    number,
    number,
  ];
  const most = length >= 3600 ? 604_800 : 86_400;
  return [
    ...refuse(
      ![10, 20, 30].includes(length) && (length < 60 || length % 60 !== 0),
      "period",
      `${length} s is neither 10, 20, 30 nor a multiple of 60`,
    ),
    ...refuse(
      !(periods >= 1 && length * periods <= most),
      "evaluationPeriods",
      `${periods} × ${length} s is not in ${length} to ${most} s`,
    ),
    ...refuse(!(points >= 1 && points <= periods), "datapointsToAlarm", `${points} of ${periods} periods`),
  ];
}

interface Widget {
  readonly type?: unknown;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly properties?: Fields;
}

/** CloudWatch API, PutDashboard, and its Dashboard body structure and syntax. */
function checkDashboard(inputs: Fields): Problem[] {
  const body = textAt(inputs, "dashboardBody");
  if (body === null) return [];
  const widgets = widgetsOf(body);
  const path = "dashboardBody";
  if (widgets === null) return [{ path, message: "is not JSON with a list of widgets" }];
  return [
    ...refuse(widgets.length > 500, path, `${widgets.length} widgets, and a dashboard has at most 500`),
    ...widgets.flatMap((widget, index) =>
      refuse(
        !isWidget(widget),
        `${path}.widgets[${index}]`,
        `${JSON.stringify(widget).slice(0, 80)} is none`,
      ),
    ),
  ];
}

function widgetsOf(body: string): Widget[] | null {
  try {
    const { widgets } = JSON.parse(body) as { widgets?: unknown };
    return Array.isArray(widgets) ? widgets : null;
  } catch {
    return null;
  }
}

function isWidget({ type, x = 0, y = 0, width = 6, height = 6, properties = {} }: Widget): boolean {
  const onGrid = x >= 0 && y >= 0 && width >= 1 && x + width <= 24 && height >= 1 && height <= 1000;
  if (type === "text") return onGrid && typeof properties.markdown === "string";
  const { metrics, region, period } = properties;
  const graphs =
    Array.isArray(metrics) && metrics.length > 0 && metrics.length <= 500 && metrics.every(isSeries);
  return type === "metric" && onGrid && graphs && typeof region === "string" && Number(period) % 60 === 0;
}

/** Namespace, name, pairs of a dimension's name and value, and at the end perhaps an object that says how to draw it. */
function isSeries(series: unknown): boolean {
  if (!Array.isArray(series)) return false;
  const last: unknown = series.at(-1);
  const names = typeof last === "object" && last !== null ? series.slice(0, -1) : series;
  return (
    names.length >= 2 &&
    names.length % 2 === 0 &&
    names.every((part) => typeof part === "string" && part !== "")
  );
}

export const watchingRules = [
  on(["cloudwatch/metricAlarm:MetricAlarm"], checkAlarm),
  on(["cloudwatch/dashboard:Dashboard"], checkDashboard),
  on(["sns/topicSubscription:TopicSubscription"], ({ protocol, endpoint }) =>
    refuse(
      protocol === "email" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(String(endpoint)),
      "endpoint",
      `"${endpoint}" is no address to mail to (SNS API, Subscribe)`,
    ),
  ),
];
