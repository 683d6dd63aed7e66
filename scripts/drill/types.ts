import type { Stream } from "../../infra/runtime/load/protocol.ts";

/*
 * What a drill records, as plain data: everything that is judged afterwards is worked out from these by pure functions.
 * Times are milliseconds on the machine's clock; containers of one machine share it.
 */

/** One request, from when it was due to its end. */
export interface Operation {
  readonly id: string;
  /** Name of its stream. */
  readonly stream: string;
  readonly due: number;
  /** How long after `due` it was sent. */
  readonly late: number;
  /** From `due` to the end. */
  readonly latency: number;
  /** The node that answered. */
  readonly node: string | null;
  /** `ok`, a status, an error's code, `timeout`, `cut-off` or `not-sent`. */
  readonly outcome: string;
  readonly reused: boolean;
}

/** One try of the address; `took` is null when nobody answered. */
export interface Probe {
  readonly sent: number;
  readonly took: number | null;
}

/** A POST that a node did. */
export interface Execution {
  readonly operation: string;
  readonly node: string;
  /** Unique for each execution on a node. */
  readonly run: string;
}

/** Whether a balancer had the virtual address, at one moment; null when nobody could look (it was frozen or gone). */
export interface HolderSample {
  readonly balancer: string;
  readonly at: number;
  readonly holds: boolean | null;
}

/** What a balancer thought of a member, at one moment. */
export interface MemberSample {
  readonly balancer: string;
  readonly at: number;
  readonly key: string;
  readonly inRotation: boolean;
  readonly mark: string | null;
  readonly lastChange: number | null;
}

/** One fault: when it was ordered and when that was done, and the same for its end. */
export interface Strike {
  readonly from: number;
  readonly to: number;
  /** Keys of the machines that it hit. */
  readonly victims: readonly string[];
  /** When healing began; null while it hasn't. */
  healFrom: number | null;
  healed: number | null;
}

/** How long one change of the members took, measured where it was made. */
export interface Change {
  readonly balancer: string;
  readonly at: number;
  readonly took: number;
  readonly status: string;
}

/** One thing that a warden did to a machine. */
export interface WardenAct {
  readonly warden: string;
  readonly at: number;
  /** The event's word, e.g. `restart`. */
  readonly act: string;
  readonly node: string;
}

/** What a fault that is a client of its own met. */
export interface Asked {
  /** Requests for the one URL, and how each ended. */
  readonly answers: readonly Operation[];
  /** Slow connections that were opened. */
  readonly dripping: number;
}

/** What became of the connections that clients kept. */
export interface Kept {
  readonly opened: number;
  /** Why each of those ended that did: an error's code, `closed` or `silent`. */
  readonly ended: readonly string[];
}

export interface Recording {
  readonly streams: readonly Stream[];
  readonly rate: number;
  readonly begin: number;
  readonly end: number;
  /** What the generator itself says that it sent. */
  readonly sent: number;
  readonly operations: readonly Operation[];
  readonly probes: readonly Probe[];
  readonly executions: readonly Execution[];
  readonly holders: readonly HolderSample[];
  readonly members: readonly MemberSample[];
  readonly acts: readonly WardenAct[];
  readonly strikes: readonly Strike[];
  readonly changes: readonly Change[];
  readonly asked: Asked;
  readonly kept: Kept;
}
