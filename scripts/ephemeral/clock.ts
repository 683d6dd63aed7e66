import { readFileSync } from "node:fs";

/*
 * When a cluster's time is over. A clock that is set must neither end a cluster early nor keep it for ever, so time is counted from the
 * machine's start, which nobody sets; only after another start does the clock on the wall decide.
 */

export interface Clock {
  /** Milliseconds since 1970. */
  readonly wall: number;
  /** Milliseconds since the machine's start, also while it slept. */
  readonly up: number;
  /** Which start of the machine; null where that isn't told. */
  readonly boot: string | null;
}

/** A moment by both clocks. */
export interface Moment {
  /** ISO 8601. */
  readonly at: string;
  readonly up: number;
  readonly boot: string | null;
}

export function now(): Clock {
  const { boot, up } = sinceBoot();
  return { wall: Date.now(), up, boot };
}

export function after(milliseconds: number, { wall, up, boot }: Clock): Moment {
  return { at: new Date(wall + milliseconds).toISOString(), up: up + milliseconds, boot };
}

export function ended(moment: Moment, clock: Clock): boolean {
  return left(moment, clock) <= 0;
}

/** Milliseconds until then; not above 0 when it is over. */
export function left({ at, up, boot }: Moment, clock: Clock): number {
  return boot !== null && boot === clock.boot ? up - clock.up : Date.parse(at) - clock.wall;
}

function sinceBoot(): Pick<Clock, "up" | "boot"> {
  try {
    const [seconds] = readFileSync("/proc/uptime", "utf8").split(" ");
    return {
      up: Math.round(Number(seconds) * 1000),
      boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    };
  } catch {
    return { up: 0, boot: null };
  }
}
