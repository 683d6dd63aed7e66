/*
 * The words of the warden. All durations in milliseconds; `now` is a monotonic clock, so a jump of the wall clock is no
 * event.
 */

export type Role = "active" | "hot" | "cold";

/** What the balancer says of one member. */
export interface MemberSeen {
  readonly key: string;
  /** Role in the desired members: what `up` wrote. */
  readonly desiredRole: Role;
  /** Role in effect: desired, and the overlay on top. */
  readonly role: Role;
  /** By the balancer's checks; null when none has seen it yet. */
  readonly healthy: boolean | null;
  /** Whether a check has ever seen it well: one that none has may just be starting. */
  readonly proven: boolean;
  /** What a request met there a moment ago. */
  readonly mark: "lost" | "doubted" | null;
  readonly inRotation: boolean;
  /** Its part of the requests, beside the others' weights. */
  readonly weight: number;
  readonly inFlight: number;
  /** Cordoned or drained by a person. The warden leaves it alone and covers for it. */
  readonly out: boolean;
}

/** `off`: stopped, exited, never started. `busy`: something is being done to it just now. */
export type Power = "running" | "off" | "paused" | "busy";

/** One member of the overlay: a standby that serves. The balancer takes nothing else from a warden. */
export interface OverlayEntry {
  readonly role: "active";
  readonly reason?: string;
}

export type Overlay = Readonly<Record<string, OverlayEntry>>;

/** All that a decision is made from, besides the small state. */
export interface Observation {
  /** Whether the balancer beside this warden holds the virtual address: only then machines are touched. */
  readonly leader: boolean;
  /** Who changes the cluster just now; null when nobody does. */
  readonly lease: string | null;
  /** Who keeps clients out, and why; null when nobody does. The warden covers and repairs all the same. */
  readonly maintenance: string | null;
  /** Members by pool. */
  readonly pools: Readonly<Record<string, readonly MemberSeen[]>>;
  readonly overlay: Overlay;
  /** Power by node key; null while the driver doesn't answer. A node that isn't in it has no machine. */
  readonly power: Readonly<Record<string, Power>> | null;
}

/** Timers and limits; see the stack's `warden` section for what each means. */
export interface Timers {
  readonly coldAfter: number;
  readonly calm: number;
  /** Standbys of one pool that may serve at a time. */
  readonly limit: number;
  /** Pools of which a lost node has to be off before a standby takes its place; none where it is left out. */
  readonly fence?: readonly string[];
  /** How long a node may take from its start until it answers its checks, by pool. */
  readonly startup: Readonly<Record<string, number>>;
  readonly restart: {
    readonly after: number;
    readonly unhealthyAfter: number;
    readonly tries: number;
    readonly backoff: number;
  };
}

/** `fence`: the power of a lost node's whole machine is cut. */
export type ActionKind = "start" | "stop" | "restart" | "unpause" | "fence";

export interface Action {
  readonly kind: ActionKind;
  readonly node: string;
  readonly pool: string;
  /** For people: what was seen. */
  readonly why: string;
}

export type EventKind =
  | "lost"
  | "back"
  | "promote"
  | "demote"
  | "short"
  | "covered"
  | "give-up"
  | "address"
  | "lease"
  | "maintenance"
  | ActionKind;

export interface WardenEvent {
  readonly event: EventKind;
  readonly pool?: string;
  readonly node?: string;
  readonly why: string;
}

/** What is remembered of one node. */
export interface NodeMemory {
  /** Since when it has been lost; null when it isn't. */
  readonly lostSince: number | null;
  /** Since when it has been well without a break; null when it isn't. */
  readonly wellSince: number | null;
  /** Since when a cold standby has been running though nobody needs it. */
  readonly idleSince: number | null;
  /** Power actions in a row that brought no lasting health. */
  readonly tries: number;
  readonly triedAt: number | null;
  /** Since when it has been starting: it was switched on, or seen for the first time, and hasn't been healthy since; null when it isn't. */
  readonly startingSince: number | null;
  /** When it was last seen without power; null once it has been well since, or where it never was. */
  readonly offAt: number | null;
}

export interface PoolMemory {
  /** Since when hot standbys haven't been enough. */
  readonly shortSince: number | null;
  /** Whether it has been said that nothing is left to cover with. */
  readonly told: boolean;
}

/** The warden's small state. Losing it costs time (timers begin again), never safety. */
export interface State {
  readonly leader: boolean | null;
  readonly lease: string | null;
  readonly maintenance: string | null;
  readonly nodes: Readonly<Record<string, NodeMemory>>;
  readonly pools: Readonly<Record<string, PoolMemory>>;
}

export interface Decision {
  readonly state: State;
  /** What the overlay should be; the same as observed when nothing is to be changed. */
  readonly overlay: Overlay;
  readonly actions: readonly Action[];
  readonly events: readonly WardenEvent[];
}
