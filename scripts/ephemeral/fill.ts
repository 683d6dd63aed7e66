import { UserError } from "../exit.ts";
import { withLock } from "../toolchain/lock.mjs";
import { createNew, type Wanted } from "./create.ts";
import { intoPool, kindOf, type Pool, pooled, poolOf } from "./pool.ts";
import type { EphemeralRecord } from "./record.ts";
import { remove } from "./remove.ts";
import { lockOf } from "./store.ts";

/**
 * Brings a pool to its number, one cluster after the other: those who wait for one of their own shall not wait for these.
 *
 * @returns those that are in it then
 * @throws UserError where the stack's files have changed, so that a new cluster would be of another kind
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
      mustStillBe(kind, pool);
      const made = await createNew(wanted);
      try {
        // It is made of the files as they were at its making, which may be others than when its pool was wanted.
        mustStillBe(kind, pool);
        await intoPool(made, kind);
      } catch (error) {
        await remove(made);
        throw error;
      }
    }
  });
}

function mustStillBe(kind: string, { stack, source }: Pool): void {
  if (kindOf(stack, source) === kind) return;
  throw new UserError(
    `files of "${stack}" have changed since its pool was wanted; \`./hotspare ephemeral pool ${stack}\` keeps new ones`,
  );
}
