import { classOf } from "../check.ts";
import type { Figures } from "../figures.ts";
import type { Operation, Recording } from "../types.ts";

/*
 * The timeline of a drill: each request a dot at the moment when it was due and at the height of its wait, failures red, fault and
 * healing marked, and above it who had the address. One file without scripts, fonts or links, readable on light and dark.
 */

const size = { width: 1000, height: 430 } as const;
const plot = { left: 64, right: 984, top: 96, bottom: 372 } as const;
/** Milliseconds at the lower and upper edge. */
const scale = { least: 5, most: 5000 } as const;
const ticks = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const;

/** Colours that people with any kind of colour vision tell apart (Okabe and Ito). */
const colours = {
  get: "#0072b2",
  post: "#009e73",
  idempotent: "#b8860b",
  failed: "#d00000",
  holder: ["#56b4e9", "#e69f00", "#cc79a7", "#999999"],
  ink: "#222222",
  faint: "#dddddd",
} as const;

export interface TimelineText {
  readonly title: string;
  readonly verdict: string;
  readonly balancers: readonly string[];
}

export function renderTimeline(recording: Recording, figures: Figures, text: TimelineText): string {
  const axis = new Axis(recording);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12" fill="${colours.ink}" role="img" aria-label="${escapeXml(`${text.title}: ${text.verdict}`)}">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${plot.left}" y="24" font-size="17" font-weight="bold">${escapeXml(text.title)}</text>`,
    `<text x="${plot.right}" y="24" font-size="15" text-anchor="end" fill="${text.verdict === "passed" ? colours.post : colours.failed}">${escapeXml(text.verdict)}</text>`,
    legend(recording),
    ...holderBand(figures, text.balancers, axis),
    ...grid(axis),
    ...strikes(recording, axis),
    ...dots(recording.operations, axis),
    "</svg>",
    "",
  ].join("\n");
}

class Axis {
  readonly begin: number;
  readonly end: number;

  constructor({ begin, end, operations }: Recording) {
    this.begin = begin;
    this.end = Math.max(end, begin + 1, ...operations.slice(-1).map(({ due }) => due));
  }

  x(at: number): number {
    const part = Math.min(1, Math.max(0, (at - this.begin) / (this.end - this.begin)));
    return Math.round((plot.left + part * (plot.right - plot.left)) * 10) / 10;
  }

  y(latency: number): number {
    const clamped = Math.min(scale.most, Math.max(scale.least, latency));
    const part = Math.log(clamped / scale.least) / Math.log(scale.most / scale.least);
    return Math.round((plot.bottom - part * (plot.bottom - plot.top)) * 10) / 10;
  }
}

function grid(axis: Axis): string[] {
  const rows = ticks.map((tick) => {
    const y = axis.y(tick);
    const label = tick >= 1000 ? `${tick / 1000} s` : `${tick} ms`;
    return `<path d="M${plot.left} ${y}H${plot.right}" stroke="${colours.faint}"/><text x="${plot.left - 6}" y="${y + 4}" text-anchor="end">${label}</text>`;
  });
  const seconds = (axis.end - axis.begin) / 1000;
  const step = [1, 2, 5, 10, 30, 60].find((candidate) => seconds / candidate <= 16) ?? 120;
  const columns: string[] = [];
  for (let second = 0; second <= seconds; second += step) {
    const x = axis.x(axis.begin + second * 1000);
    columns.push(
      `<path d="M${x} ${plot.bottom}v5" stroke="${colours.ink}"/><text x="${x}" y="${plot.bottom + 19}" text-anchor="middle">${second} s</text>`,
    );
  }
  const caption = `<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 40}" text-anchor="middle">when a request was due; height: how long the client waited, logarithmic</text>`;
  return [...rows, ...columns, caption];
}

/** One band a balancer, filled while it has the address: a gap is a time when nobody, an overlap when both had it. */
function holderBand(figures: Figures, balancers: readonly string[], axis: Axis): string[] {
  const height = 26 / Math.max(1, balancers.length);
  return balancers.flatMap((balancer, index) => {
    const y = 58 + index * height;
    const bars = figures.holdings
      .filter((held) => held.balancer === balancer && held.to > axis.begin)
      .map(({ from, to }) => {
        const [left, right] = [axis.x(from), axis.x(to)];
        return `<rect x="${left}" y="${y}" width="${Math.max(0.5, right - left).toFixed(1)}" height="${height - 2}" fill="${colours.holder[index % colours.holder.length]}"><title>${escapeXml(balancer)} has the address</title></rect>`;
      });
    return [
      `<text x="${plot.left - 6}" y="${y + height - 3}" text-anchor="end" font-size="11">${escapeXml(balancer)}</text>`,
      ...bars,
    ];
  });
}

function strikes({ strikes: all, end }: Recording, axis: Axis): string[] {
  return all.flatMap(({ from, healFrom, victims }) => {
    const [left, right] = [axis.x(from), axis.x(healFrom ?? end)];
    const label =
      all.length > 1
        ? ""
        : `<text x="${left + 4}" y="${plot.top + 12}" fill="${colours.failed}">${escapeXml(`fault${victims.length === 0 ? "" : `: ${victims.join(", ")}`}`)}</text>`;
    const heal =
      all.length > 1
        ? ""
        : `<text x="${right + 4}" y="${plot.top + 12}" fill="${colours.post}">healed</text>`;
    return [
      `<rect x="${left}" y="${plot.top}" width="${Math.max(0.5, right - left).toFixed(1)}" height="${plot.bottom - plot.top}" fill="${colours.failed}" fill-opacity="0.06"/>`,
      `<path d="M${left} ${plot.top}V${plot.bottom}" stroke="${colours.failed}" stroke-dasharray="4 3"/><path d="M${right} ${plot.top}V${plot.bottom}" stroke="${colours.post}" stroke-dasharray="4 3"/>`,
      label,
      heal,
    ].filter((element) => element !== "");
  });
}

/** All dots of a colour in one path: a stroke of no length with round ends is a dot, and thousands of them stay a small file. */
function dots(operations: readonly Operation[], axis: Axis): string[] {
  const paths = new Map<string, string[]>();
  for (const operation of operations) {
    const lost = operation.outcome !== "ok";
    const kind = lost ? "failed" : classOf(operation.stream);
    const [x, y] = [axis.x(operation.due), axis.y(operation.latency)];
    const path = paths.get(kind) ?? [];
    path.push(lost ? `M${x - 3} ${y - 3}l6 6m0-6l-6 6` : `M${x} ${y}h0`);
    paths.set(kind, path);
  }
  const order = ["get", "post", "idempotent", "failed"] as const;
  return order.flatMap((kind) => {
    const path = paths.get(kind);
    if (path === undefined) return [];
    const width = kind === "failed" ? 1.6 : 3;
    return [
      `<path d="${path.join("")}" fill="none" stroke="${colours[kind]}" stroke-width="${width}" stroke-linecap="round" stroke-opacity="${kind === "failed" ? 1 : 0.55}"/>`,
    ];
  });
}

function legend({ operations }: Recording): string {
  const lost = operations.filter(({ outcome }) => outcome !== "ok").length;
  const entries = [
    ["GET", colours.get],
    ["POST", colours.post],
    ["idempotent POST", colours.idempotent],
    [`failed (${lost})`, colours.failed],
  ] as const;
  const parts = entries.map(
    ([name, colour], index) =>
      `<circle cx="${plot.left + 6 + index * 140}" cy="42" r="4" fill="${colour}"/><text x="${plot.left + 16 + index * 140}" y="46">${name}</text>`,
  );
  return `${parts.join("")}<text x="${plot.right}" y="46" text-anchor="end">${operations.length} requests; bands: who has the virtual address</text>`;
}

/** Text for XML, without the control characters that no XML may hold. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
