import type { ClusterPlan } from "../../plan/types.ts";
import type { Known } from "./known.ts";

/** A machine that is to be made at an address where another one stands until the end of the roll-out. */
export interface AddressConflict {
  readonly key: string;
  readonly address: string;
  /** Key of the machine that stands there. */
  readonly holder: string;
}

/**
 * Addresses that are asked for before they are free: what leaves goes last, so that nobody is stopped who may still be asked.
 * Nodes that were replaced before stand elsewhere, so this is what may happen, and what does where nothing was replaced yet.
 */
export function addressConflicts({
  plans,
  reasons,
  machines,
}: Pick<Known, "plans" | "reasons" | "machines">): AddressConflict[] {
  const { before, after } = plans;
  if (before === null || after === null) return [];
  if (reasons.whole.length > 0) return [];
  const holders = new Map(addressed(before).map(({ key, address }) => [address, key]));
  const made = new Set(machines.filter(({ action }) => action === "added").map(({ key }) => key));
  return addressed(after).flatMap(({ key, address }) => {
    const holder = holders.get(address);
    return made.has(key) && holder !== undefined && holder !== key ? [{ key, address, holder }] : [];
  });
}

function addressed({ balancers, nodes, wardens, door }: ClusterPlan) {
  return [...balancers, ...nodes, ...wardens, ...(door === null ? [] : [door])];
}
