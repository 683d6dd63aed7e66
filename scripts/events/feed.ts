import { own } from "../../components/model/own.ts";
import { poolsBySource } from "../stacks.ts";
import { say } from "../terminal.ts";
import { visibleJson } from "../visible.ts";
import { parseEvent, sentence, type WardenLogEvent } from "./sentence.ts";

/** Reads one warden's log, line by line, until it ends; for ever where it is followed. */
export type ReadWarden = (onLine: (line: string) => void) => Promise<void>;

/** Prints what the wardens of a stack saw and did: in the order of time, or as it comes. */
export async function tellEvents(
  stack: string,
  wardens: readonly ReadWarden[],
  { json, follow }: { readonly json: boolean; readonly follow: boolean },
): Promise<void> {
  const pools = poolsBySource(stack);
  const named = (event: WardenLogEvent): WardenLogEvent => ({
    ...event,
    ...(event.pool === undefined ? {} : { pool: own(pools, event.pool)?.name ?? event.pool }),
  });
  const print = (event: WardenLogEvent) => say(json ? visibleJson(event) : sentence(named(event)));
  const found: WardenLogEvent[] = [];
  // What is written while it is followed is in order by itself.
  const take = follow ? print : (event: WardenLogEvent) => void found.push(event);
  await Promise.all(
    wardens.map((read) =>
      read((line) => {
        const event = parseEvent(line);
        if (event !== null) take(event);
      }),
    ),
  );
  for (const event of found.sort((a, b) => (a.time < b.time ? -1 : 1))) print(event);
}
