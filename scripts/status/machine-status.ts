import type { MachineRole } from "../../components/plan/roles.ts";

/** One machine, as planned and as seen. */
export interface MachineStatus {
  readonly key: string;
  /** Name of its pool; null for who is in none. */
  readonly pool: string | null;
  readonly role: MachineRole;
  readonly name: string;
  /** Empty for who has no network. */
  readonly address: string;
  /** The platform's word, or `absent`. */
  readonly state: string;
  readonly running: boolean;
  /** Of its last end, where it doesn't run; null where it does, or nobody knows. */
  readonly exitCode: number | null;
  /** How often it was started again after an end by itself; null where nobody knows. */
  readonly restarts: number | null;
  /** Milliseconds that it has been starting: it runs, isn't healthy, and may still take until `health.startup` is over; null else. */
  readonly startingFor: number | null;
  /** What the balancers' checks say, of programs without clients their own check; null when nobody checks it. */
  readonly healthy: boolean | null;
  /** A standby that the warden lets serve. */
  readonly promoted: boolean;
  /** What a person has said of a node: `cordoned` gets no new requests while others can serve, `drained` none at all. */
  readonly said: "cordoned" | "drained" | null;
  /** Whether it gets requests now. Nodes only. */
  readonly inRotation: boolean | null;
  readonly weight: number | null;
  /** Of a balancer behind directors: whether it is the one that the others agree on. */
  readonly holdsVirtualAddress: boolean | null;
}
