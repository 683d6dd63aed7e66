/*
 * Cron lines (crontab(5)), as the sets of numbers that they stand for. Kept here and not left to a package: the wardens, which run what is
 * due, are programs without dependencies, and are given these sets.
 */

/** When something is due: each field is the numbers that fit, sorted. */
export interface CronTimes {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Of the month. */
  readonly days: readonly number[];
  /** From 1. */
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** Where the line says both days of the month and weekdays, either is enough. */
  readonly eitherDay: boolean;
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const weekdays = "sun mon tue wed thu fri sat".split(" ");

interface Field {
  readonly low: number;
  readonly high: number;
  /** Names from the lowest number on. */
  readonly names?: readonly string[];
}

const second: Field = { low: 0, high: 59 };
const fields: readonly Field[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: months },
  // 7 is Sunday as well.
  { low: 0, high: 7, names: weekdays },
];

/** The times of a line of five fields, or of six with seconds in front; null for what is none. */
export function cronTimes(line: string): CronTimes | null {
  const words = line.trim().toLowerCase().split(/\s+/);
  if (words.length !== 5 && words.length !== 6) return null;
  const [first = "0", ...others] = words.length === 6 ? words : ["0", ...words];
  const sets = [
    numbersOf(first, second),
    ...fields.map((field, index) => numbersOf(others[index] ?? "", field)),
  ];
  const [seconds, minutes, hours, days, monthNumbers, weekdayNumbers] = sets;
  if (!seconds || !minutes || !hours || !days || !monthNumbers || !weekdayNumbers) return null;
  return {
    seconds,
    minutes,
    hours,
    days,
    months: monthNumbers,
    weekdays: [...new Set(weekdayNumbers.map((day) => day % 7))].sort((a, b) => a - b),
    // As in Vixie's cron: what begins with a star leaves the choice to the other field.
    eitherDay: !others[2]?.startsWith("*") && !others[4]?.startsWith("*"),
  };
}

/** A field's numbers: a list of stars, numbers and ranges, each with a step or without; null for what is none. */
function numbersOf(word: string, field: Field): number[] | null {
  const found = new Set<number>();
  for (const part of word.split(",")) {
    const [, range = "", step] = /^([^/]+)(?:\/([0-9]{1,2}))?$/.exec(part) ?? [];
    const bounds = boundsOf(range, field, step !== undefined);
    const by = step === undefined ? 1 : Number(step);
    if (bounds === null || by === 0) return null;
    for (let number = bounds[0]; number <= bounds[1]; number += by) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}

function boundsOf(range: string, field: Field, stepped: boolean): readonly [number, number] | null {
  if (range === "*") return [field.low, field.names === weekdays ? 6 : field.high];
  const ends = range.split("-").map((word) => numberOf(word, field));
  const [from, to = stepped ? field.high : from] = ends;
  if (ends.length > 2 || from == null || to == null || from > to) return null;
  return [from, to];
}

function numberOf(word: string, { low, high, names = [] }: Field): number | null {
  const named = names.indexOf(word);
  const number = named >= 0 ? low + named : /^[0-9]{1,2}$/.test(word) ? Number(word) : Number.NaN;
  return number >= low && number <= high ? number : null;
}
