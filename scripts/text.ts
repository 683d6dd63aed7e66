import { styleText } from "node:util";

/** Colours a text when stdout is a terminal that shows colours (NO_COLOR and FORCE_COLOR are honoured). */
export function paint(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** Columns of equal width, two spaces apart; nothing is padded at a line's end. Widths ignore colours. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => visibleLength(row[column] ?? ""))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - visibleLength(cell)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences begin with the escape character
  return text.replace(/\u001b\[[0-9;]*m/g, "").length;
}

/** `12 ms`, `1.24 s`, `0`, or `–` for what could not be measured. */
export function figure(value: number | null, unit: "ms" | "requests" | ""): string {
  if (value === null) return "–";
  if (unit !== "ms") return String(Math.round(value * 10) / 10);
  return value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${Math.round(value)} ms`;
}

/** `0`, `41–75 ms`. */
export function rangeText({ low, high }: { low: number; high: number }, unit: "ms" | "requests"): string {
  if (unit === "requests") {
    const [from, to] = [Math.floor(low), Math.ceil(high)];
    return from === to ? String(from) : `${from}–${to}`;
  }
  return figure(low, unit) === figure(high, unit)
    ? figure(low, unit)
    : `${figure(low, unit)} – ${figure(high, unit)}`;
}
