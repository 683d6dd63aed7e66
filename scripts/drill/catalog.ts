import type { FaultSpec } from "./faults/types.ts";
import {
  addressGiven,
  addressMoved,
  backInTwo,
  comesBack,
  type Limit,
  moved,
  movedFifty,
  noGet,
  noIdempotent,
  none,
  noticed,
  notTwice,
  oneHolder,
  postsInFlight,
  postsUntilOut,
  quickWorst,
} from "./limits.ts";

export interface Drill {
  readonly id: string;
  readonly title: string;
  readonly fault: FaultSpec;
  readonly limits: readonly Limit[];
  /** Milliseconds from the fault to its healing. */
  readonly hold: number;
  /** Milliseconds watched after it. */
  readonly settle: number;
  /** How often it strikes in one run of the load; 1 unless said. */
  readonly rounds?: number;
  /** Requests a second, where the drill wants another rate than the usual one. */
  readonly rate?: number;
  /** Runs only when it is named. */
  readonly onlyNamed?: boolean;
  /** What it needs beside nodes and balancers. */
  readonly needs?: "cold";
}

/** Requests a second of a drill that doesn't say otherwise: enough that 5 ms without service show, little enough for two cores. */
export const usualRate = 200;

export const catalog: readonly Drill[] = [
  {
    id: "node-killed",
    title: "a node is killed",
    fault: { kind: "kill", of: "node" },
    hold: 3000,
    settle: 2000,
    limits: [noticed, noGet, noIdempotent, postsInFlight, notTwice, quickWorst, backInTwo],
  },
  {
    id: "node-frozen",
    title: "a node is frozen",
    fault: { kind: "freeze", of: "node" },
    hold: 4000,
    settle: 2500,
    limits: [noticed, noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backInTwo],
  },
  {
    id: "node-errors",
    title: "a node answers 500",
    fault: { kind: "answers", of: "node", status: 500 },
    hold: 3000,
    settle: 2000,
    limits: [
      noticed,
      {
        measure: "failing",
        most: 800,
        why: "a 500 is an answer and goes to the client until two checks have failed",
      },
      notTwice,
      backInTwo,
    ],
  },
  {
    id: "node-slow",
    title: "a node answers 3 s late",
    fault: { kind: "slow", of: "node", milliseconds: 3000 },
    hold: 4500,
    settle: 2500,
    limits: [noticed, noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backInTwo],
  },
  {
    id: "node-unplugged",
    title: "a node's network is cut",
    fault: { kind: "disconnect", of: "node" },
    hold: 4000,
    settle: 2500,
    limits: [noticed, noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backInTwo],
  },
  {
    id: "node-crashed",
    title: "a node's process dies and Docker starts it again",
    fault: { kind: "crash", of: "node" },
    hold: 3000,
    settle: 1000,
    limits: [noticed, noGet, noIdempotent, postsInFlight, notTwice, quickWorst, backInTwo],
  },
  {
    id: "all-active-lost",
    title: "all active nodes are killed at once",
    fault: { kind: "kill", of: "all-active" },
    hold: 3000,
    settle: 3000,
    limits: [
      noticed,
      noGet,
      noIdempotent,
      postsInFlight,
      notTwice,
      { measure: "standby", most: 400, why: "the hot standby runs and is checked; nobody has to start it" },
    ],
  },
  {
    id: "cold-started",
    title: "all active nodes are killed, and a cold standby is started",
    fault: { kind: "kill", of: "all-active" },
    hold: 4500,
    settle: 3000,
    needs: "cold",
    limits: [
      noticed,
      {
        measure: "cold",
        most: 3000,
        why: "the warden waits half a second for the hot ones to do, and the node starts within one",
      },
      notTwice,
    ],
  },
  {
    id: "balancer-killed",
    title: "the balancer with the address is killed",
    fault: { kind: "kill", of: "holder" },
    hold: 3000,
    settle: 2000,
    limits: [moved, addressMoved, notTwice, oneHolder],
  },
  {
    id: "balancer-frozen",
    title: "the balancer with the address is frozen",
    fault: { kind: "freeze", of: "holder" },
    hold: 4000,
    settle: 3000,
    limits: [moved, addressMoved, comesBack, notTwice, oneHolder],
  },
  {
    id: "balancer-stopped",
    title: "the balancer with the address is stopped in an orderly way",
    fault: { kind: "stop", of: "holder" },
    hold: 2500,
    settle: 2000,
    limits: [moved, addressGiven, notTwice, oneHolder],
  },
  {
    id: "nginx-dead",
    title: "nginx dies, keepalived lives",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    hold: 2500,
    settle: 500,
    limits: [moved, addressGiven, notTwice, oneHolder],
  },
  {
    id: "keepalived-dead",
    title: "keepalived dies, nginx lives",
    fault: { kind: "kill-program", of: "holder", program: "keepalived" },
    hold: 2500,
    settle: 500,
    limits: [moved, addressMoved, notTwice, oneHolder],
  },
  {
    id: "partition",
    title: "the balancers lose each other, and find each other again",
    fault: { kind: "partition" },
    hold: 4000,
    settle: 3000,
    limits: [
      { measure: "split", least: 2000, why: "both must have had the address, or nothing was split" },
      {
        measure: "gap",
        most: 500,
        why: "both serve; clients lose at most what is under way when the address changes",
      },
      comesBack,
      {
        measure: "split.after",
        most: 1000,
        why: "the one with the lower priority hears the other's next advert",
      },
      none("acts", "no node is ill, so two wardens that both believe to lead have nothing to do"),
      notTwice,
      oneHolder,
    ],
  },
  {
    id: "members-changed",
    title: "100 changes of members and weights",
    fault: { kind: "change-members", changes: 100, every: 40 },
    hold: 0,
    settle: 1000,
    rate: 300,
    limits: [
      none("lost.all", "a change is taken without a reload"),
      { measure: "change.p99", most: 50, why: "one write to the disk and one to shared memory" },
      { measure: "changes", least: 200, why: "100 changes on each of two balancers must have been made" },
      none("change.refused", "every change is valid"),
    ],
  },
  {
    id: "scaled",
    title: "one node more and one less, by `up`",
    fault: { kind: "scale", by: 1 },
    hold: 1500,
    settle: 1000,
    rate: 100,
    limits: [
      { measure: "nodes", least: 4, why: "the new node must have answered" },
      none("lost.all", "a node serves when its checks pass, and is out of use before it stops"),
      notTwice,
    ],
  },
  {
    id: "rolled",
    title: "every node replaced, by `up`",
    fault: { kind: "roll" },
    hold: 1000,
    settle: 1000,
    rate: 100,
    limits: [
      {
        measure: "replaced",
        least: 3,
        why: "every active node must have been replaced, or nothing was rolled",
      },
      none(
        "lost.all",
        "a new node serves when its checks pass, and the old one is out of use before it stops",
      ),
      notTwice,
    ],
  },
  {
    id: "kills50",
    title: "50 times a node is killed",
    fault: { kind: "kill", of: "any-node" },
    hold: 1200,
    settle: 900,
    rounds: 50,
    rate: 400,
    onlyNamed: true,
    limits: [noticed, noGet, noIdempotent, postsInFlight, notTwice],
  },
  {
    id: "moves50",
    title: "50 times the balancer with the address is killed",
    fault: { kind: "kill", of: "holder" },
    hold: 1200,
    settle: 1800,
    rounds: 50,
    onlyNamed: true,
    limits: [movedFifty, { ...addressMoved, measure: "gap.p99" }, notTwice, oneHolder],
  },
  {
    id: "deaths50",
    title: "50 times nginx dies",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    hold: 1500,
    settle: 500,
    rounds: 50,
    onlyNamed: true,
    limits: [movedFifty, { ...addressGiven, measure: "gap.p99" }, notTwice, oneHolder],
  },
];
