import type { ForecastId } from "../../components/plan/forecast-types.ts";
import type { FaultSpec } from "./faults/types.ts";
import {
  addressGiven,
  addressMoved,
  backAfterChecks,
  coldAnswers,
  comesBack,
  endOfSplit,
  hotAnswers,
  type LimitRule,
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
  timed,
} from "./limits.ts";

export interface Drill {
  readonly id: string;
  readonly title: string;
  readonly fault: FaultSpec;
  readonly limits: readonly LimitRule[];
  /** Milliseconds from the fault to its healing, at least: a stack of slow timers makes it longer. */
  readonly hold: number;
  /** Milliseconds watched after it, at least. */
  readonly settle: number;
  /** The fault whose forecast counts, of a drill that has none of its own. */
  readonly basis?: ForecastId;
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
    limits: [noticed, noGet, noIdempotent, postsInFlight, notTwice, quickWorst, backAfterChecks],
  },
  {
    id: "node-frozen",
    title: "a node is frozen",
    fault: { kind: "freeze", of: "node" },
    hold: 4000,
    settle: 2500,
    limits: [noticed, noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backAfterChecks],
  },
  {
    id: "node-errors",
    title: "a node answers 500",
    fault: { kind: "answers", of: "node", status: 500 },
    hold: 3000,
    settle: 2000,
    limits: [
      noticed,
      ({ forecast, health }) =>
        timed(
          "failing",
          "failing",
          forecast.detect?.high ?? 0,
          `a 500 is an answer and goes to the client until ${health.fall} checks have failed`,
        ),
      notTwice,
      backAfterChecks,
    ],
  },
  {
    id: "node-slow",
    title: "a node answers late",
    fault: { kind: "slow", of: "node", milliseconds: 3000 },
    hold: 4500,
    settle: 2500,
    limits: [noticed, noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backAfterChecks],
  },
  {
    id: "node-unplugged",
    title: "a node's network is cut",
    fault: { kind: "disconnect", of: "node" },
    hold: 4000,
    settle: 2500,
    limits: [noticed, noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backAfterChecks],
  },
  {
    id: "node-crashed",
    title: "a node's process dies and is started again",
    fault: { kind: "crash", of: "node" },
    hold: 3000,
    settle: 1000,
    limits: [noticed, noGet, noIdempotent, postsInFlight, notTwice, quickWorst, backAfterChecks],
  },
  {
    id: "all-active-lost",
    title: "all active nodes are killed at once",
    fault: { kind: "kill", of: "all-active" },
    hold: 3000,
    settle: 3000,
    limits: [noticed, noGet, noIdempotent, postsInFlight, notTwice, hotAnswers],
  },
  {
    id: "cold-started",
    title: "all active nodes are killed, and a cold standby is started",
    fault: { kind: "kill", of: "all-active" },
    hold: 4500,
    settle: 3000,
    needs: "cold",
    limits: [noticed, coldAnswers, notTwice],
  },
  {
    id: "balancer-killed",
    title: "the balancer with the address is killed",
    fault: { kind: "kill", of: "holder" },
    hold: 3000,
    settle: 2000,
    limits: [moved, addressMoved(), notTwice, oneHolder],
  },
  {
    id: "balancer-frozen",
    title: "the balancer with the address is frozen",
    fault: { kind: "freeze", of: "holder" },
    hold: 4000,
    settle: 3000,
    limits: [moved, addressMoved(), comesBack, notTwice, oneHolder],
  },
  {
    id: "balancer-stopped",
    title: "the balancer with the address is stopped in an orderly way",
    fault: { kind: "stop", of: "holder" },
    hold: 2500,
    settle: 2000,
    limits: [moved, addressGiven(), notTwice, oneHolder],
  },
  {
    id: "nginx-dead",
    title: "nginx dies, keepalived lives",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    hold: 2500,
    settle: 500,
    limits: [moved, addressGiven(), notTwice, oneHolder],
  },
  {
    id: "keepalived-dead",
    title: "keepalived dies, nginx lives",
    fault: { kind: "kill-program", of: "holder", program: "keepalived" },
    hold: 2500,
    settle: 500,
    limits: [moved, addressMoved(), notTwice, oneHolder],
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
      endOfSplit,
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
      ({ fault, balancers }) => ({
        measure: "changes",
        least: balancers * (fault.kind === "change-members" ? fault.changes : 0),
        why: "every change on each balancer must have been made",
      }),
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
      ({ active }) => ({ measure: "nodes", least: active + 1, why: "the new node must have answered" }),
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
      ({ active }) => ({
        measure: "replaced",
        least: active,
        why: "every active node must have been replaced, or nothing was rolled",
      }),
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
    basis: "node-killed",
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
    basis: "balancer-killed",
    hold: 1200,
    settle: 1800,
    rounds: 50,
    onlyNamed: true,
    limits: [movedFifty, addressMoved("gap.p99"), notTwice, oneHolder],
  },
  {
    id: "deaths50",
    title: "50 times nginx dies",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    basis: "nginx-dead",
    hold: 1500,
    settle: 500,
    rounds: 50,
    onlyNamed: true,
    limits: [movedFifty, addressGiven("gap.p99"), notTwice, oneHolder],
  },
];
