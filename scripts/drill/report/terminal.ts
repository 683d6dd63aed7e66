import { figure, paint, rangeText, table } from "../../text.ts";
import { visibleLine } from "../../visible.ts";
import type { DrillReport, Report } from "./document.ts";
import { bound, measures } from "./words.ts";

/** The result on a screen: a line a drill, and what to know of those that did not pass. */
export function renderTerminal(report: Report): string {
  const head = [
    "drill",
    "verdict",
    "lost",
    "twice",
    "worst",
    "noticed",
    "well again",
    "address gap",
    "forecast",
  ].map((text) => paint("dim", text));
  const rows = report.drills.map(line);
  const reasons = report.drills.flatMap(explain).map(visibleLine);
  return [table([head, ...rows]), ...(reasons.length === 0 ? [] : ["", ...reasons])].join("\n");
}

function line(drill: DrillReport): string[] {
  const { figures, verdict, compared } = drill;
  const colour = verdict.kind === "passed" ? "green" : verdict.kind === "failed" ? "red" : "yellow";
  const m = figures?.measures;
  const ms = (value: number | null | undefined) => figure(value ?? null, "ms");
  const known = compared.filter(({ agrees }) => agrees !== null);
  return [
    drill.id,
    paint(colour, verdict.kind),
    figures === null ? "–" : `${figures.streams.reduce((sum, { lost }) => sum + lost, 0)} of ${figures.sent}`,
    figure(m?.["doubled.post"] ?? null, ""),
    ms(m?.worst),
    ms(m?.detect),
    ms(m?.recover),
    ms(m?.gap),
    drill.basis !== null && drill.basis !== drill.id
      ? `none, limits of ${drill.basis}`
      : known.length === 0
        ? "–"
        : `${known.filter(({ agrees }) => agrees).length} of ${known.length} agree`,
  ];
}

function explain({ id, verdict, compared }: DrillReport): string[] {
  if (verdict.kind === "not run") return [`${id}: not run, ${verdict.reason}`];
  const broken = verdict.checked
    .filter(({ kept }) => !kept)
    .map((checked) => {
      const { name, unit } = measures[checked.measure];
      return `${id}: ${name} ${figure(checked.measured, unit)}, ${bound(checked)} (${checked.why})`;
    });
  const wrong = compared
    .filter(({ agrees }) => agrees === false)
    .map(
      (one) =>
        `${id}: ${one.figure} was forecast as ${rangeText(one.forecast, one.unit)}, measured ${figure(one.measured, one.unit)}`,
    );
  return [...broken, ...verdict.doubts.map((doubt) => `${id}: ${doubt}`), ...wrong];
}
