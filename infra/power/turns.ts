/*
 * One request at a time for each controller, whoever of this process asks: they are small computers, and answer nonsense when several ask.
 */

const last = new Map<string, Promise<unknown>>();

/** Runs something when all that was asked before of the same address has ended. */
export async function inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
  const before = last.get(address) ?? Promise.resolve();
  const mine = before.then(work, work);
  const ended = mine.then(
    () => undefined,
    () => undefined,
  );
  last.set(address, ended);
  try {
    return await mine;
  } finally {
    if (last.get(address) === ended) last.delete(address);
  }
}
