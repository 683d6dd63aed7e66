/*
 * The schedule of an open loop: what is due when depends on the clock alone, never on how earlier requests fared. A client that
 * waits for answers would stop asking exactly while a cluster is ill, and so would not see it (coordinated omission).
 */

/** How many requests are due after so many milliseconds: the first at 0. */
export function dueCount(elapsed: number, rate: number, most: number): number {
  if (elapsed < 0) return 0;
  return Math.min(mostRequests(rate, most), Math.floor((elapsed * rate) / 1000) + 1);
}

/** When the request with this index (from 0) is due, in milliseconds after the start. */
export function dueAt(index: number, rate: number): number {
  return (index * 1000) / rate;
}

/** All requests of a run that lasts `most` milliseconds. */
export function mostRequests(rate: number, most: number): number {
  return Math.max(0, Math.ceil((most * rate) / 1000));
}

/**
 * Deals requests out to streams by their shares, smoothly interleaved and the same in every run (nginx's smooth weighted round
 * robin): each gets its share in every short stretch of time, so that a fault of 50 ms meets all of them.
 */
export function dealer(shares: readonly number[]): () => number {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const current = shares.map(() => 0);
  return () => {
    let best = 0;
    for (const [index, share] of shares.entries()) {
      current[index] = (current[index] ?? 0) + share;
      if ((current[index] ?? 0) > (current[best] ?? 0)) best = index;
    }
    current[best] = (current[best] ?? 0) - total;
    return best;
  };
}
