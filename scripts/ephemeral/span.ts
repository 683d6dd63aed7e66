import { exitCodes, UserError } from "../exit.ts";

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const [shortest, longest] = [10_000, 7 * 86_400_000];

/**
 * How long a cluster is to stand: `30m`, `"30 min"`, `1.5h`, `2d`.
 *
 * @returns milliseconds
 * @throws UserError for what isn't a time span, and for one under 10 s or over 7 days
 */
export function parseSpan(text: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?) ?(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  const milliseconds = Math.round(Number(amount) * (units[unit] ?? Number.NaN));
  if (milliseconds >= shortest && milliseconds <= longest) return milliseconds;
  const why = Number.isNaN(milliseconds) ? "is no time span" : "is not between 10 s and 7 days";
  throw new UserError(`--ttl: ${JSON.stringify(text)} ${why}; e.g. 30m, 2h or 1d`, exitCodes.usage);
}
