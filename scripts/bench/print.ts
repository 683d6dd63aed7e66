import type { BenchDocument, FigureTable, Machine, PartDocument } from "./document.ts";
import type { Spread } from "./statistics.ts";

/** Three digits that count. */
export function shown(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: Math.min(digits, 3),
  });
}

const between = ({ low, high }: Spread) => `${shown(low)}–${shown(high)}`;

/** The same tables on a terminal and in docs/performance.md. */
export function markdown(
  { at, machine, parts }: BenchDocument,
  plots: (part: PartDocument) => string | null,
): string {
  return [
    `${machineWords(machine)}, ${at.slice(0, 10)}. Medians; in brackets the quarters around them.`,
    ...parts.flatMap((part) => [
      `## ${part.name}`,
      part.about,
      ...part.tables.map(table),
      ...[plots(part)].filter((plot) => plot !== null).map((plot) => `![${part.name}](${plot})`),
    ]),
  ].join("\n\n");
}

function table({ figure, rows }: FigureTable): string {
  const [base] = rows;
  return [
    `| ${figure.name} | ${figure.unit} | against ${base?.variant.name ?? "nothing"} | runs |`,
    "| --- | --- | --- | --- |",
    ...rows.map(({ variant, value, ratio, runs }) => {
      const compared = ratio === null ? "–" : `${shown(ratio.median)} (${between(ratio)})`;
      return `| ${variant.name}, ${variant.version} | ${shown(value.median)} (${between(value)}) | ${compared} | ${runs} |`;
    }),
  ].join("\n");
}

function machineWords({ processors, model, gigabytes, kernel, node, load }: Machine): string {
  return `${processors} processors (${model.trim()}), ${gigabytes} GB, Linux ${kernel}, Node ${node}; load ${shown(load[0])} before and ${shown(load[1])} after`;
}
