import type { Warning } from "../../model/problem.ts";
import type { PoolCount } from "../../plan/capacity.ts";
import type { Forecast, Range } from "../../plan/forecast-types.ts";
import type { MachineRole } from "../../plan/roles.ts";

/** How one plan of a cluster differs from another. */
export interface ClusterChange {
  readonly kind: "unchanged" | "changed" | "added" | "removed";
  /** What it means for the service, the most important first: a sentence for each subject that changes. */
  readonly sentences: readonly Sentence[];
  /**
   * Groups that a platform's engine keeps (by the group's key), then single machines by role and key; those that differ. Equal
   * ones are left out.
   */
  readonly machines: readonly MachineChange[];
  readonly machinesUnchanged: number;
  /** Pools that differ, in the plan's order. */
  readonly pools: readonly PoolChange[];
  /** Settings that belong to no single machine: network, tier, routes, timers, protection. */
  readonly settings: readonly FieldChange[];
  /** Line diffs of rendered files, by path; machines whose files change alike share one. */
  readonly files: readonly FileChange[];
  readonly cover: Sides<Cover>;
  /** By id; where before and after are equal too, so that a table is whole. */
  readonly forecasts: readonly ForecastChange[];
  /** What the roll-out itself does to requests under way, step after step. */
  readonly rollout: readonly RolloutStep[];
  /** What a picture of it shows; null on the side where the cluster isn't. */
  readonly topology: Sides<Topology>;
  readonly warnings: { readonly added: readonly Warning[]; readonly gone: readonly Warning[] };
}

/** A cluster as a picture shows it: data, which whoever prints a review draws. */
export interface Topology {
  /** Where clients ask; null for the address of a platform's own balancer. */
  readonly address: string | null;
  /** What the balancers are, e.g. `nginx`. */
  readonly tier: string;
  readonly balancers: readonly Box[];
  readonly door: Box | null;
  /** Wardens and the filter of the Docker socket. */
  readonly aside: readonly Box[];
  readonly pools: readonly TopologyPool[];
  readonly routes: readonly { readonly path: string; readonly pool: string }[];
}

export interface TopologyPool {
  /** As routes name it. */
  readonly name: string;
  readonly title: string;
  readonly boxes: readonly Box[];
}

/** A machine, or several that change alike. */
export interface Box {
  /** Of the machine, or of the first of several. */
  readonly key: string;
  readonly label: string;
  /** What happens to it; null for nothing. */
  readonly action: MachineChange["action"] | null;
}

/** Before and after; null on the side where there is nothing. */
export interface Sides<T> {
  readonly before: T | null;
  readonly after: T | null;
}

export interface Sentence {
  /**
   * Of what it speaks: `cluster`, `network`, `tier`, `pool web`, `group web`, `platform`, `route /api/`, `warden`, `door`,
   * `rollout`.
   */
  readonly subject: string;
  /** e.g. `3 → 5 active nodes, capacity +67 %, still survives the loss of 1 balancer and 2 nodes`. */
  readonly text: string;
}

/** A field that differs, by its path in the plan. Values are shown, so in words and masked. */
export interface FieldChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface MachineChange {
  readonly key: string;
  readonly role: MachineRole;
  /** Null for machines of no pool. */
  readonly pool: string | null;
  /** `updated`: in place, without an end of its process. `replaced`: by another machine with the same key. */
  readonly action: "added" | "removed" | "replaced" | "updated";
  /** For `replaced`: whether the new one serves before the old one goes. Null for the rest. */
  readonly order: "create-first" | "delete-first" | null;
  /** Which fields of it differ and so are the reason; empty for added and removed ones, and where only files differ. */
  readonly reasons: readonly FieldChange[];
  /** Paths of its files that differ, sorted; empty for added and removed ones. */
  readonly files: readonly string[];
}

export interface PoolChange {
  readonly name: string;
  readonly kind: "added" | "removed" | "changed";
  /**
   * Cores that the active nodes may use together, relative: after ÷ before; null when a side has none. Not the weights: another
   * weight shares the requests out in another way, and makes no node stronger.
   */
  readonly capacity: number | null;
  readonly nodes: Sides<PoolCount>;
  /** Part of the pool's requests that each active node gets, 0–1, by key; of both sides' nodes. */
  readonly shares: readonly ShareChange[];
  /**
   * For hashing algorithms: part of all keys, 0–1, that go to another node afterwards. Null where no key has a home on one
   * of the sides.
   */
  readonly keysMoved: number | null;
  /** Algorithm, health checks, weights and the like. */
  readonly settings: readonly FieldChange[];
}

export interface ShareChange {
  readonly node: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** What may be lost at the same time while every pool still answers; counts of machines. */
export interface Cover {
  readonly balancers: number;
  readonly pools: readonly PoolCover[];
}

export interface PoolCover {
  readonly pool: string;
  /** Nodes (active and hot) that may be lost until nobody answers at once. */
  readonly nodes: number;
  /** Active nodes that may be lost while hot standbys keep the capacity whole. */
  readonly wholeCapacity: number;
  /** Part of the capacity that is left when the strongest active node is lost, before any standby: 0–1. */
  readonly afterOneLoss: number;
}

export interface ForecastChange {
  readonly id: string;
  readonly title: string;
  readonly forecast: Sides<Forecast>;
}

export interface RolloutStep {
  /** e.g. `web: 3 nodes are replaced one after the other, each made and tested before its predecessor drains`. */
  readonly text: string;
  /**
   * Requests that fail because of it, for the load of the forecast; 0 where the kit proves that none does, null where all fail
   * for a time that no timer tells.
   */
  readonly lost: Range | null;
  /** Milliseconds that it takes, by the plan's own timers; null where none tells. */
  readonly takes: Range | null;
}

export interface FileChange {
  /** Relative to the machine's configuration folder. */
  readonly path: string;
  /** Keys of the machines whose file changes in just this way, sorted. */
  readonly machines: readonly string[];
  readonly kind: "added" | "removed" | "changed";
  /** Modes where they differ. */
  readonly mode: FieldChange | null;
  /** Empty when the content is a secret by name: then only that it is another is said. */
  readonly hunks: readonly Hunk[];
  readonly added: number;
  readonly removed: number;
}

/** As in unified diffs: numbers of lines count from 1. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Each begins with ` `, `+` or `-`; masked. */
  readonly lines: readonly string[];
}
