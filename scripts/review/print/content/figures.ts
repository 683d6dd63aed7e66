import { counted } from "../../../../components/model/words.ts";
import { describeLoad, time as spanText } from "../../../../components/plan/describe-forecast.ts";
import type { Forecast, Range } from "../../../../components/plan/forecast-types.ts";
import type { ClusterChange, ForecastChange, Sides } from "../../../../components/review/compare/types.ts";
import { rangeText } from "../../../text.ts";
import type { Block, Section, Text } from "./blocks.ts";
import { percent } from "./words.ts";

/** A figure on both sides; `–` where it isn't. */
interface Figure {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Capacity, cover and forecast, as far as they differ; a sentence where none does. */
export function figuresSection(change: ClusterChange): Section[] {
  if (change.kind === "unchanged") return [];
  const ofForecast = differing(forecastFigures(change.forecasts));
  const differ = [
    ...differing([...poolFigures(change), ...coverFigures(change)]),
    ...ofForecast.slice(0, forecastRows),
  ];
  const more = ofForecast.length - forecastRows;
  const block: Block =
    differ.length === 0
      ? {
          kind: "paragraph",
          text: [`Capacity, failure cover and forecast stay as they are. ${stays(change)}`],
        }
      : {
          kind: "table",
          head: [[""], ["before"], ["after"]],
          rows: differ.map(({ what, before, after }): Text[] => [[what], [before], [{ strong: after }]]),
        };
  const rest: Block[] =
    more > 0
      ? [{ kind: "paragraph", text: [`${more} more figures of the forecast differ, see below.`] }]
      : [];
  return [{ title: "Before and after", folded: false, blocks: [block, ...rest] }];
}

/** Rows of the forecast in the table on top; all of them are in the one below. */
const forecastRows = 6;

function differing(figures: readonly Figure[]): Figure[] {
  return figures.filter(({ before, after }) => before !== after);
}

function sides<T>({ before, after }: Sides<T>, words: (side: T) => string, none = "–"): Omit<Figure, "what"> {
  return { before: before === null ? none : words(before), after: after === null ? none : words(after) };
}

function poolFigures({ pools }: ClusterChange): Figure[] {
  return pools.flatMap(({ name, nodes, capacity }) => [
    {
      what: `${name}: nodes, active + hot + cold`,
      ...sides(nodes, ({ active, hot, cold }) => `${active} + ${hot} + ${cold}`),
    },
    ...(capacity === null
      ? []
      : [{ what: `${name}: capacity`, before: percent(1), after: percent(capacity) }]),
  ]);
}

function coverFigures({ cover }: ClusterChange): Figure[] {
  const pools = [
    ...new Set([...(cover.before?.pools ?? []), ...(cover.after?.pools ?? [])].map(({ pool }) => pool)),
  ];
  return [
    { what: "balancers that may be lost", ...sides(cover, ({ balancers }) => String(balancers)) },
    ...pools.flatMap((name) => {
      const of = (side: "before" | "after") => cover[side]?.pools.find(({ pool }) => pool === name) ?? null;
      const both = { before: of("before"), after: of("after") };
      return [
        { what: `${name}: nodes that may be lost`, ...sides(both, ({ nodes }) => String(nodes)) },
        {
          what: `${name}: nodes that may be lost at whole capacity`,
          ...sides(both, ({ wholeCapacity }) => String(wholeCapacity)),
        },
        {
          what: `${name}: capacity after the loss of the strongest node`,
          ...sides(both, ({ afterOneLoss }) => percent(afterOneLoss)),
        },
      ];
    }),
  ];
}

function stays({ cover: { after } }: ClusterChange): string {
  if (after === null) return "";
  const parts = [
    counted(after.balancers, "balancer"),
    ...after.pools.map(({ pool, nodes }) => `${counted(nodes, "node")} of ${pool}`),
  ];
  return `May be lost: ${parts.join(", ")}.`;
}

/** What a fault costs, column by column. */
const costs: readonly { readonly name: string; readonly words: (forecast: Forecast) => string }[] = [
  { name: "nobody answers for", words: ({ noService }) => time(noService) },
  { name: "GET lost", words: ({ lost }) => rangeText(lost.get, "requests") },
  { name: "POST lost", words: ({ lost }) => rangeText(lost.post, "requests") },
  { name: "idempotent POST lost", words: ({ lost }) => rangeText(lost.idempotent, "requests") },
  { name: "longest wait", words: ({ worst }) => time(worst) },
  { name: "open connections that end", words: ({ open }) => openWords(open) },
  { name: "capacity meanwhile", words: ({ capacity }) => capacityWords(capacity) },
];

function openWords(open: Forecast["open"]): string {
  if (open === undefined) return "–";
  return open.low === open.high ? percent(open.high) : `${percent(open.low)}–${percent(open.high)}`;
}

function capacityWords(capacity: Forecast["capacity"]): string {
  return capacity === null ? "–" : `${percent(capacity.left)} for ${spanText(capacity.until)}`;
}

const time = (range: Range | null): string => (range === null ? "–" : rangeText(range, "ms"));

function forecastFigures(forecasts: readonly ForecastChange[]): Figure[] {
  return forecasts.flatMap(({ title, forecast }) => {
    const { before, after } = forecast;
    // Of a fault that only one side tells of, all that it costs in one row: nothing can be compared.
    if (before === null || after === null)
      return [{ what: `${title}: requests lost`, ...sides(forecast, allLost, "not foreseen") }];
    return costs.map(({ name, words }) => ({ what: `${title}: ${name}`, ...sides(forecast, words) }));
  });
}

function allLost({ lost: { get, post, idempotent } }: Forecast): string {
  const all = [get, post, idempotent];
  const sum = (end: keyof Range) => all.reduce((total, range) => total + range[end], 0);
  return rangeText({ low: sum("low"), high: sum("high") }, "requests");
}

/** Whether a column has anything to say of a fault. */
function isTold({ before, after }: Sides<Forecast>, words: (forecast: Forecast) => string): boolean {
  return [before, after].some((side) => side !== null && words(side) !== "–");
}

/** A fault that could not come before, or can't any more, or that one of two revisions of the kit knows of. */
function oneSided({ before, after }: Sides<Forecast>): Text {
  if (before === null) return [" – ", { strong: "new" }];
  return after === null ? [" – ", { strong: "gone" }] : [];
}

/** What each fault will cost, by the timers; where the sides differ both. */
export function forecastSection({ forecasts }: ClusterChange): Section[] {
  if (forecasts.length === 0) return [];
  const shown = costs.filter(({ words }) => forecasts.some(({ forecast }) => isTold(forecast, words)));
  const rows = forecasts.map(({ title, forecast }): Text[] => [
    [title, ...oneSided(forecast)],
    ...shown.map(({ words }): Text => {
      const only =
        forecast.before === null ? forecast.after : forecast.after === null ? forecast.before : null;
      if (only !== null) return [words(only)];
      const { before, after } = sides(forecast, words);
      return before === after ? [after] : [`${before} → `, { strong: after }];
    }),
  ]);
  const load: Block = { kind: "paragraph", text: [`By the timers alone, for ${describeLoad()}.`] };
  const head: Text[] = [["fault"], ...shown.map(({ name }): Text => [name])];
  return [{ title: "What faults will cost", folded: true, blocks: [load, { kind: "table", head, rows }] }];
}
