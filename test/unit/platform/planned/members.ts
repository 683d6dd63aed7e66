import type {
  Member,
  MembersDocument,
  MembersPool as Pool,
} from "../../../../components/model/members-document.ts";

/** An active member: `web-1` at 10.0.<quarter>.1, and so on. */
export function member(ordinal: number, quarter = 0, fields: Partial<Member> = {}): Member {
  const address = `10.${Math.floor(ordinal / 256)}.${quarter}.${ordinal % 256}`;
  return { key: `web-${ordinal}`, address, port: 8080, weight: 1, role: "active", ...fields };
}

/** `count` active members in a quarter. */
export function members(count: number, quarter = 0, fields: Partial<Member> = {}): Member[] {
  return Array.from({ length: count }, (_, index) => member(index + 1, quarter, fields));
}

/** Checks of a path. */
export const checkOf = (path: string): Pool["health"] => ({
  path,
  intervalMs: 200,
  timeoutMs: 150,
  fall: 2,
  rise: 2,
});

export function pool(serving: readonly Member[], fields: Partial<Pool> = {}): Pool {
  return {
    algorithm: { kind: "weighted-round-robin" },
    health: checkOf("/readyz"),
    members: [...serving],
    ...fields,
  };
}

/** A document of one pool, `web`, or of several. */
export function document(pools: Pool | Record<string, Pool>, revision = "abc"): MembersDocument {
  const named = "members" in pools ? { web: pools as Pool } : pools;
  return { schema: 1, revision, pools: named };
}
