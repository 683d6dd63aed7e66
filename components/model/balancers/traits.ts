import type { AlgorithmKind } from "../algorithms.ts";

/** What a kind of balancer can do. The rules, the planner, roll-outs, reviews and drills ask these and never the kind's name. */
export interface BalancerTraits {
  /** 4 forwards TCP and UDP as they come; 7 reads HTTP, so it has routes, retries, limits and TLS. */
  readonly layer: 4 | 7;
  /** Whether members and weights change in the running program, without a reload that closes connections. */
  readonly membersInPlace: boolean;
  /** Whether it counts answers and errors of each member, so that a roll-out can judge new ones by them. */
  readonly countsAnswers: boolean;
  /** Algorithms that it knows. */
  readonly algorithms: readonly AlgorithmKind[];
  /** Whether members can have weights, where the algorithm uses some. */
  readonly weights: boolean;
}
