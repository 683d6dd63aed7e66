/** Version of a log line; `./hotspare events` reads this one. */
export const logSchema = 1;

export type Fields = Readonly<Record<string, unknown>>;

/** One JSON document a line on stdout. Pipes that are gone are no reason to die. */
export class Log {
  readonly #who: Fields;
  readonly #told = new Map<string, number>();

  /** @param who fields of every line that say who speaks, e.g. `{ warden: "warden-1" }` */
  constructor(who: Fields) {
    this.#who = who;
    process.stdout.on("error", () => {});
  }

  say(event: string, why: string, fields: Fields = {}): void {
    const time = new Date().toISOString();
    const line = { schema: logSchema, time, ...this.#who, event, ...fields, why };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }

  /** Says the same thing at most once a minute. @param now monotonic ms */
  complain(what: string, why: string, now: number): void {
    const last = this.#told.get(what);
    if (last !== undefined && now - last < 60_000) return;
    this.#told.set(what, now);
    this.say("trouble", `${what}: ${why}`);
  }
}
