import type { PartDocument } from "./document.ts";

/* Ratios to the first variant as bars with their quarters; one file without scripts or fonts, readable on light and dark. */

const [width, left, right, line] = [860, 400, 60, 24] as const;
/** Okabe and Ito's blue. */
const [bar, ink, faint] = ["#0072b2", "#222222", "#999999"] as const;

/** Null where nothing is compared. */
export function plot({ name, tables }: PartDocument): string | null {
  const bars = tables.flatMap(({ figure, rows }) =>
    rows.flatMap(({ variant, ratio }) =>
      ratio === null ? [] : [{ label: `${figure.name}: ${variant.name}`, ...ratio }],
    ),
  );
  if (bars.length === 0) return null;
  const base = tables[0]?.rows[0]?.variant.name ?? "";
  const most = Math.max(1.1, ...bars.map(({ high }) => high));
  const x = (value: number) => (left + (value / most) * (width - left - right)).toFixed(1);
  const height = 60 + bars.length * line;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="${ink}" role="img" aria-label="${escapeXml(name)} against ${escapeXml(base)}">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="15" font-weight="bold">${escapeXml(name)}: how many times as much as ${escapeXml(base)}</text>`,
    `<line x1="${x(1)}" x2="${x(1)}" y1="36" y2="${height - 12}" stroke="${faint}" stroke-dasharray="4 3"/>`,
    ...bars.flatMap(({ label, median, low, high }, index) => {
      const y = 44 + index * line;
      return [
        `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escapeXml(label)}</text>`,
        `<rect x="${left}" y="${y}" width="${(Number(x(median)) - left).toFixed(1)}" height="16" fill="${bar}" opacity="0.75"/>`,
        `<line x1="${x(low)}" x2="${x(high)}" y1="${y + 8}" y2="${y + 8}" stroke="${ink}" stroke-width="2"/>`,
        `<text x="${Number(x(high)) + 6}" y="${y + 12}">${median.toFixed(2)}</text>`,
      ];
    }),
    "</svg>",
    "",
  ].join("\n");
}

const escapeXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
