import { setTimeout as sleep } from "node:timers/promises";

/** Waits until something is so, asking every 20 ms. */
export async function until(
  what: string,
  test: () => boolean | Promise<boolean>,
  milliseconds = 10_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await holds(test))) {
    if (Date.now() > end) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await sleep(20);
  }
}

/** What can't be asked yet isn't so yet. */
async function holds(test: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await test();
  } catch {
    return false;
  }
}
