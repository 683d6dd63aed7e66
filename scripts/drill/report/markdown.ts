import { figure, rangeText } from "../../text.ts";
import { visibleLine } from "../../visible.ts";
import type { StreamFigures } from "../figures.ts";
import type { DrillReport, Report } from "./document.ts";
import { bound, measures } from "./words.ts";

/** The report for people. `pictures` names the timeline's file of each drill, beside this one. */
export function renderMarkdown(report: Report, pictures: ReadonlyMap<string, string>): string {
  const { machine } = report;
  const parts = [
    `# Drills of \`${report.stack}\`: ${report.verdict}`,
    `${report.startedAt}, ${Math.round(report.seconds)} s, on ${machine.cores} cores (load ${machine.loadAverage.toFixed(1)}), ${machine.engine}.`,
    summary(report),
    ...report.drills.map((drill) => section(drill, pictures.get(drill.id))),
  ];
  return `${parts.join("\n\n")}\n`;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");
}

/** What is lost of a class, e.g. `3 of 210`. */
function lostOf({ figures }: DrillReport, ...kinds: string[]): string {
  if (figures === null) return "–";
  const streams = figures.streams.filter(({ stream }) => kinds.includes(stream.split("-")[0] ?? ""));
  const sum = (of: (stream: StreamFigures) => number) =>
    streams.reduce((total, stream) => total + of(stream), 0);
  return `${sum(({ lost }) => lost)} of ${sum(({ sent }) => sent)}`;
}

function summary({ drills }: Report): string {
  return tableOf(
    [
      "drill",
      "verdict",
      "GET lost",
      "POST lost",
      "idempotent lost",
      "POST twice",
      "worst",
      "noticed",
      "well again",
      "address gap",
    ],
    drills.map((drill) => {
      const m = drill.figures?.measures;
      const ms = (value: number | null | undefined) => figure(value ?? null, "ms");
      return [
        drill.title,
        drill.verdict.kind,
        lostOf(drill, "get"),
        lostOf(drill, "post"),
        lostOf(drill, "idempotent"),
        figure(m?.["doubled.post"] ?? null, ""),
        ms(m?.worst),
        ms(m?.detect),
        ms(m?.recover),
        ms(m?.gap),
      ];
    }),
  );
}

function section(drill: DrillReport, picture: string | undefined): string {
  const { verdict, figures } = drill;
  const head = `## ${drill.title}: ${verdict.kind}`;
  if (verdict.kind === "not run") return `${head}\n\n${verdict.reason}.`;
  const parts = [
    head,
    ...(picture === undefined ? [] : [`![timeline](${picture})`]),
    ...verdict.doubts.map((doubt) => `> ${visibleLine(doubt)}`),
    limits(drill),
    ...(drill.basis === drill.id ? [] : [borrowed(drill)]),
    ...(drill.compared.length === 0 ? [] : [forecasts(drill)]),
    ...(figures === null ? [] : [requests(drill), holders(drill)]),
  ];
  return parts.join("\n\n");
}

function borrowed({ basis }: DrillReport): string {
  return basis === null
    ? "It has no forecast."
    : `It has no forecast of its own: the limits that depend on timers are those of \`${basis}\`.`;
}

function limits({ verdict }: DrillReport): string {
  if (verdict.kind === "not run") return "";
  return tableOf(
    ["figure", "limit", "measured", "kept", "because"],
    verdict.checked.map((checked) => {
      const { name, unit } = measures[checked.measure];
      const kept = checked.kept ? "yes" : "**no**";
      return [name, bound(checked), figure(checked.measured, unit), kept, checked.why];
    }),
  );
}

function forecasts({ compared }: DrillReport): string {
  return tableOf(
    ["forecast from the timers", "forecast", "measured", "agrees"],
    compared.map((one) => [
      one.figure,
      rangeText(one.forecast, one.unit),
      figure(one.measured, one.unit),
      one.agrees === null ? "–" : one.agrees ? "yes" : "**no**",
    ]),
  );
}

function requests({ figures }: DrillReport): string {
  return tableOf(
    [
      "requests",
      "sent",
      "lost",
      "by kind",
      "done twice",
      "done, but reported as failed",
      "p50",
      "p99",
      "worst",
    ],
    (figures?.streams ?? []).map((stream) => [
      stream.stream,
      String(stream.sent),
      String(stream.lost),
      Object.entries(stream.failed)
        .map(([kind, count]) => `${count} ${kind}`)
        .join(", ") || "–",
      String(stream.doubled),
      String(stream.doneYetFailed),
      figure(stream.p50, "ms"),
      figure(stream.p99, "ms"),
      figure(stream.worst, "ms"),
    ]),
  );
}

function holders({ figures }: DrillReport): string {
  const start = Math.min(...(figures?.holdings.map(({ from }) => from) ?? [0]));
  const seconds = (at: number) => ((at - start) / 1000).toFixed(2);
  const spans = (figures?.holdings ?? []).slice(0, 12);
  const more = (figures?.holdings.length ?? 0) - spans.length;
  const text = spans
    .map(({ balancer, from, to }) => `${balancer} ${seconds(from)}–${seconds(to)} s`)
    .join(", ");
  return `Holder of the address: ${text || "nobody was seen"}${more > 0 ? `, and ${more} more` : ""}.`;
}
