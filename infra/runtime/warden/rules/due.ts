/*
 * When a scheduled program is due. Pure.
 */

/** What a cron line stands for, as `components/model/cron.ts` makes it. */
export interface CronTimes {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  readonly eitherDay: boolean;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  formats.set(zone, format);
  return format;
}

/**
 * Whole seconds after `from` and up to `to` at which the line is due, in milliseconds since 1970, oldest first. By the zone's own clock: what
 * is due in an hour that the clocks leave out isn't, and what is due in one that comes twice is twice.
 */
export function ticksBetween(times: CronTimes, zone: string, from: number, to: number): number[] {
  const ticks: number[] = [];
  for (let at = (Math.floor(from / 1000) + 1) * 1000; at <= to; at += 1000) {
    // No zone of today is off by a part of a minute.
    if (times.seconds.includes((at / 1000) % 60) && fits(times, zone, at)) ticks.push(at);
  }
  return ticks;
}

function fits(times: CronTimes, zone: string, at: number): boolean {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
  if (!times.minutes.includes(minute) || !times.hours.includes(hour) || !times.months.includes(month))
    return false;
  const [byDay, byWeekday] = [
    times.days.includes(day),
    times.weekdays.includes(new Date(Date.UTC(year, month - 1, day)).getUTCDay()),
  ];
  return times.eitherDay ? byDay || byWeekday : byDay && byWeekday;
}
