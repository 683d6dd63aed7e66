import type { Operation, Recording, Strike } from "../../../../scripts/drill/types.ts";

/** An operation that went well in 20 ms, unless said otherwise. */
export function operation(fields: Partial<Operation> & { id: string }): Operation {
  return {
    stream: "get",
    due: 0,
    late: 0,
    latency: 20,
    node: "web-1",
    outcome: "ok",
    reused: true,
    ...fields,
  };
}

/** One strike from 1000 to 1010 on web-2, healed at 4000. */
export function strike(fields: Partial<Strike> = {}): Strike {
  return { from: 1000, to: 1010, victims: ["web-2"], healFrom: 4000, healed: 4050, ...fields };
}

/** A recording of 6 s with nothing in it but what is given. */
export function recording(fields: Partial<Recording> = {}): Recording {
  const { operations = [] } = fields;
  return {
    streams: ["get", "post", "idempotent"].map((name) => ({
      name,
      method: name === "get" ? "GET" : "POST",
      path: "/",
      share: 1,
      fresh: false,
    })),
    rate: 100,
    begin: 0,
    end: 6000,
    sent: operations.length,
    operations,
    probes: [],
    executions: [],
    holders: [],
    members: [],
    acts: [],
    strikes: [strike()],
    changes: [],
    asked: { answers: [], dripping: 0 },
    kept: { opened: 0, ended: [] },
    ...fields,
  };
}

export const context = {
  balancers: ["lb-1", "lb-2"],
  standbys: ["web-hot-1"],
  cold: ["web-cold-1"],
  shortestWait: 250,
};
