import { setTimeout as sleep } from "node:timers/promises";
import { PowerError, type PowerState, type PowerTimes } from "./types.ts";

/** What it takes to bring a server into a state, of whichever kind its controller is. */
export interface Switching {
  readonly wanted: "on" | "off";
  /** How the server is now. */
  readonly look: () => Promise<PowerState>;
  /** Presses once. @returns why that wasn't taken, or null; `not now` when nothing was pressed, since that has to wait for a state */
  readonly press: () => Promise<Error | null | "not now">;
  /** What to throw when time is over and nobody has said why. */
  readonly late: () => PowerError;
  readonly within: number;
  readonly signal: AbortSignal | undefined;
}

/** Failures that another try can change: the controller itself may be starting anew, or an answer was lost. */
const passing = (error: unknown): error is PowerError =>
  error instanceof PowerError && ["unreachable", "failed"].includes(error.failure);

function onlyPassing(error: unknown): PowerError {
  if (passing(error)) return error;
  throw error;
}

/**
 * Presses, and looks until the server is as wanted; presses again where the first was lost. What counts is what is seen: a press that was
 * refused because the server is so already is none.
 */
export async function settle(switching: Switching, { pause }: PowerTimes): Promise<void> {
  const { wanted, look, press, late, within, signal } = switching;
  const deadline = performance.now() + within;
  const again = Math.max(within / 3, 20 * pause);
  let pressedAt = Number.NEGATIVE_INFINITY;
  let why: Error | null = null;
  for (;;) {
    // A failed look is the reason only until the next good one: it says nothing of what the press came to.
    let lookFailed: Error | null = null;
    try {
      const state = await look();
      if (state === wanted) return;
      const moving = state === (wanted === "on" ? "turning-on" : "turning-off");
      if (!moving && performance.now() - pressedAt >= again) {
        const before = pressedAt;
        pressedAt = performance.now();
        const came = await press().catch(onlyPassing);
        if (came !== "not now") {
          why = came;
          continue;
        }
        pressedAt = before;
      }
    } catch (error) {
      signal?.throwIfAborted();
      lookFailed = onlyPassing(error);
    }
    if (performance.now() >= deadline) throw lookFailed ?? why ?? late();
    await sleep(pause, undefined, { signal });
  }
}

/**
 * Asks a system to shut down.
 *
 * @returns whether it went by itself. One that has no such button, doesn't heed it, or whose controller didn't answer just then is to be cut
 */
export async function wentByItself(shutDown: () => Promise<void>): Promise<boolean> {
  try {
    await shutDown();
    return true;
  } catch (error) {
    if (passing(error) || (error instanceof PowerError && error.failure === "unsupported")) return false;
    throw error;
  }
}
