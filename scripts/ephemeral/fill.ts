import { withLock } from "../toolchain/lock.mjs";
import { createNew, type Wanted } from "./create.ts";
import { intoPool, pooled, poolOf } from "./pool.ts";
import type { EphemeralRecord } from "./record.ts";
import { remove } from "./remove.ts";
import { lockOf } from "./store.ts";

/**
 * Brings a pool to its number, one cluster after the other: those who wait for one of their own shall not wait for these.
 *
 * @returns those that are in it then
 */
export async function fillPool(
  kind: string,
  { progress, watch }: Pick<Wanted, "progress" | "watch">,
): Promise<readonly EphemeralRecord[]> {
  return withLock(lockOf("pool"), async () => {
    for (;;) {
      const [there, pool] = [pooled(kind), poolOf(kind)];
      const size = pool?.size ?? 0;
      for (const record of there.slice(size)) await remove(record);
      if (pool === null || there.length >= size) return pooled(kind);
      const { stack, source, ttl } = pool;
      const wanted = { source, stack, ttl, heldByThis: false, keepOnFailure: false, progress, watch };
      await intoPool(await createNew(wanted));
    }
  });
}
