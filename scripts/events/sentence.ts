import { z } from "zod";
import { paint } from "../text.ts";
import { visibleLine } from "../visible.ts";

/** A line of a warden's log, as `infra/runtime/warden/log.ts` writes it. */
const eventSchema = z.looseObject({
  schema: z.literal(1),
  time: z.iso.datetime(),
  warden: z.string(),
  event: z.string(),
  why: z.string(),
  pool: z.string().optional(),
  node: z.string().optional(),
  leader: z.boolean().optional(),
});

export type WardenLogEvent = z.infer<typeof eventSchema>;

/** The event that a log line tells; null for what is none, such as a last word of Node. */
export function parseEvent(line: string): WardenLogEvent | null {
  if (!line.startsWith("{")) return null;
  try {
    return eventSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** What each event says of its node, without the reason. */
const phrases: Readonly<Record<string, (node: string) => string>> = {
  lost: (node) => `${node} is lost`,
  back: (node) => `${node} is back`,
  promote: (node) => `lets ${node} serve`,
  demote: (node) => `sends ${node} back to standby`,
  start: (node) => `starts ${node}`,
  stop: (node) => `stops ${node}`,
  restart: (node) => `restarts ${node}`,
  unpause: (node) => `thaws ${node}`,
  "give-up": (node) => `is at its last try with ${node}`,
};

const colours: Readonly<Record<string, Parameters<typeof paint>[0]>> = {
  lost: "red",
  short: "red",
  maintenance: "yellow",
  trouble: "red",
  "give-up": "red",
  promote: "yellow",
  demote: "green",
  back: "green",
  covered: "green",
};

/** What an event says, without time and speaker: `lets web-hot-1 serve: web-2: its checks fail`. */
export function sentenceText({ event: kind, node = "", pool, why }: WardenLogEvent): string {
  const [, action, outcome] = ended(kind);
  if (action !== undefined)
    return `${action} of ${node} ${outcome === "done" ? "is done" : `${outcome}: ${why}`}`;
  const phrase = phrases[kind];
  if (phrase !== undefined) return `${phrase(node)}: ${why}`;
  return `${pool === undefined ? "" : `pool ${pool}: `}${why}`;
}

const ended = (kind: string) => /^(start|stop|restart|unpause)-(done|left|failed)$/.exec(kind) ?? [];

/** `14:03:07.576  warden-1  lets web-hot-1 serve: web-2: its checks fail`, in local time. */
export function sentence(event: WardenLogEvent): string {
  const [, , outcome] = ended(event.event);
  const colour = outcome === "failed" ? "red" : (colours[event.event] ?? "dim");
  return `${clock(event.time)}  ${visibleLine(event.warden)}  ${paint(colour, visibleLine(sentenceText(event)))}`;
}

/** A time of day to the millisecond, here. @param time ISO 8601 */
export function clock(time: string): string {
  const date = new Date(time);
  const two = (value: number, digits = 2) => String(value).padStart(digits, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
}
