/** A fault as the catalog writes it: data. */
export type FaultSpec =
  /** SIGKILL to whole machines; they stay down until healed. */
  | { readonly kind: "kill"; readonly of: Victims }
  /** Every process stands still while the kernel goes on answering ARP and accepting connections. */
  | { readonly kind: "freeze"; readonly of: Victims }
  | { readonly kind: "answers"; readonly of: Victims; readonly status: number }
  | { readonly kind: "slow"; readonly of: Victims; readonly milliseconds: number }
  /** The process dies of itself, so that its platform starts it again; nothing to heal. */
  | { readonly kind: "crash"; readonly of: Victims }
  | { readonly kind: "disconnect"; readonly of: Victims }
  /** The power of the machine's whole server is cut, without a word to its system; healed when the machine runs again. */
  | { readonly kind: "cut"; readonly of: "lone-node" | "holder" }
  /** SIGKILL to one program of a balancer; its supervisor starts it again. */
  | { readonly kind: "kill-program"; readonly of: "holder"; readonly program: string }
  /** An orderly end, by SIGTERM: gives the address away, then finishes. */
  | { readonly kind: "stop"; readonly of: Victims }
  | { readonly kind: "partition" }
  | { readonly kind: "change-members"; readonly changes: number; readonly every: number }
  /** A real `up` of the stack with another number of active nodes, and one of the stack as it is written. */
  | { readonly kind: "scale"; readonly by: number }
  /** A real `up` that gives every node of the pool another environment, so that all are replaced; healed by the same way back. */
  | { readonly kind: "roll" }
  /** A client of its own asks for one path, every so many milliseconds. */
  | { readonly kind: "ask"; readonly path: string; readonly every: number }
  /** A client of its own opens so many connections and sends half headers and bodies, a byte now and then. */
  | { readonly kind: "drip"; readonly connections: number };

/** What makes the whole machine hard to work on, from before the fault until after its healing. */
export interface Surroundings {
  /** Programs that do nothing but compute, at normal priority, each in a machine of its own that the drill makes. */
  readonly loops: number;
  /** Milliseconds of it before the fault. */
  readonly lead: number;
}

/**
 * Who is hit: one active node, the first that has a server to itself, another one in every round, all of them, the balancer or director
 * that holds the address, or one of the balancers behind directors.
 */
export type Victims = "node" | "lone-node" | "any-node" | "all-active" | "holder" | "behind";

/** Kinds of faults; a platform says which of them can be made there. */
export type FaultKind = FaultSpec["kind"] | "starve";
