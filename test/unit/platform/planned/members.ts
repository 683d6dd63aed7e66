import type {
  Member,
  MembersDocument,
  Pool,
} from "../../../../components/platform/planned/members-document.ts";

/** An active member: `web-1` at 10.0.<quarter>.1, and so on. */
export function member(ordinal: number, quarter = 0, fields: Partial<Member> = {}): Member {
  const address = `10.0.${quarter}.${ordinal}`;
  return { key: `web-${ordinal}`, address, port: 8080, weight: 1, role: "active", ...fields };
}

/** `count` active members in a quarter. */
export function members(count: number, quarter = 0, fields: Partial<Member> = {}): Member[] {
  return Array.from({ length: count }, (_, index) => member(index + 1, quarter, fields));
}

export function pool(serving: readonly Member[], fields: Partial<Pool> = {}): Pool {
  return {
    algorithm: { kind: "weighted-round-robin" },
    health: { path: "/readyz", intervalMs: 200, timeoutMs: 150, fall: 2, rise: 2 },
    members: [...serving],
    ...fields,
  };
}

/** A document of one pool, `web`, or of several. */
export function document(pools: Pool | Record<string, Pool>, revision = "abc"): MembersDocument {
  const named = "members" in pools ? { web: pools as Pool } : pools;
  return { schema: 1, revision, pools: named };
}
