import type { Forecast, Range } from "../../components/plan/forecast-types.ts";
import { classOf } from "./check.ts";
import type { Figures } from "./figures.ts";

/** One forecast beside what came. */
export interface Compared {
  readonly figure: "detect" | "no service" | "lost GET" | "lost POST" | "lost idempotent POST" | "worst wait";
  readonly unit: "ms" | "requests";
  readonly forecast: Range;
  readonly measured: number | null;
  /** Within a fifth of the forecast's range or one request; null when it could not be measured. */
  readonly agrees: boolean | null;
}

const tolerance = 0.2;
/** Times below so many milliseconds are scheduling, not timers. */
const grain = { ms: 30, requests: 1 } as const;

/** Holds a forecast against the figures of a drill. */
export function compare(forecast: Forecast, figures: Figures): Compared[] {
  const lost = (kind: string) =>
    figures.streams.reduce((sum, stream) => sum + (classOf(stream.stream) === kind ? stream.lost : 0), 0);
  const { measures } = figures;
  return [
    ...(forecast.detect === null ? [] : [row("detect", "ms", forecast.detect, measures.detect)]),
    // Of the address alone: that nobody at all is answered by any node can't be told from single requests.
    ...(forecast.detect === null && forecast.noService.high > 0
      ? [row("no service", "ms", forecast.noService, measures.gap)]
      : []),
    row("lost GET", "requests", forecast.lost.get, lost("get")),
    row("lost POST", "requests", forecast.lost.post, lost("post")),
    row("lost idempotent POST", "requests", forecast.lost.idempotent, lost("idempotent")),
    ...(forecast.worst === null ? [] : [row("worst wait", "ms", forecast.worst, measures.worst)]),
  ];
}

function row(
  figure: Compared["figure"],
  unit: Compared["unit"],
  forecast: Range,
  measured: number | null,
): Compared {
  const agrees =
    measured === null
      ? null
      : measured >= forecast.low * (1 - tolerance) - grain[unit] &&
        measured <= forecast.high * (1 + tolerance) + grain[unit];
  return { figure, unit, forecast, measured, agrees };
}
