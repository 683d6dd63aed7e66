/** A time span with its unit, e.g. `"250 ms"`, `"1.5 s"`, `"2 min"`. */
export type Duration = `${number} ms` | `${number} s` | `${number} min` | `${number} h`;

/** An amount of bytes with its unit, e.g. `"64 KB"`, `"10 MB"`. Powers of 1024, as nginx and Docker count. */
export type Size = `${number} B` | `${number} KB` | `${number} MB` | `${number} GB`;

const durationUnits = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 } as const;
const sizeUnits = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;

/** What {@link parseDuration} accepts; also the JSON Schema pattern. */
export const durationPattern = /^\d+(\.\d+)? (ms|s|min|h)$/;

/** What {@link parseSize} accepts; also the JSON Schema pattern. */
export const sizePattern = /^\d+(\.\d+)? (B|KB|MB|GB)$/;

function parse(text: string, units: Readonly<Record<string, number>>): number {
  const [amount, unit] = text.split(" ");
  return Math.round(Number(amount) * (units[unit ?? ""] ?? Number.NaN));
}

/** Milliseconds in `text`, which must match {@link durationPattern}; whole milliseconds, rounded. */
export function parseDuration(text: string): number {
  return parse(text, durationUnits);
}

/** Bytes in `text`, which must match {@link sizePattern}; whole bytes, rounded. */
export function parseSize(text: string): number {
  return parse(text, sizeUnits);
}

/** Milliseconds as a person writes them: `200 ms`, `1.5 s`, `2 min`; no minutes with a fraction but halves, so `125 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60_000 || milliseconds % 30_000 !== 0) return `${milliseconds / 1000} s`;
  return `${milliseconds / 60_000} min`;
}

/** Bytes in the largest unit that leaves a whole number: `10 MB`, `1536 KB`. */
export function formatSize(bytes: number): string {
  for (const unit of ["GB", "MB", "KB"] as const) {
    if (bytes >= sizeUnits[unit] && bytes % sizeUnits[unit] === 0)
      return `${bytes / sizeUnits[unit]} ${unit}`;
  }
  return `${bytes} B`;
}
