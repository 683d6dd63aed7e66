import type { FaultSpec } from "./faults/types.ts";
import type { Measure } from "./figures.ts";

/** What a drill must not exceed, and why it is that and not less. */
export interface Limit {
  readonly measure: Measure;
  readonly most: number;
  readonly why: string;
}

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
  /** What has to be built before it can run; such a drill is listed and never run. */
  readonly planned?: string;
}

/** Requests a second of a drill that doesn't say otherwise: enough that 5 ms without service show, little enough for two cores. */
export const usualRate = 200;

const none = (measure: Measure, why: string): Limit => ({ measure, most: 0, why });
const notTwice = none("doubled.post", "a POST that isn't declared idempotent is never sent to a second node");
const noGet = none("lost.get", "a GET is sent to the next node");
const noIdempotent = none("lost.idempotent", "the route declares that a second try does no harm");
const postsInFlight: Limit = {
  measure: "lost.post.beyondInFlight",
  most: 0,
  why: "only POSTs that were at the node when it died can be lost: nobody knows whether they were done",
};
const postsUntilOut: Limit = {
  measure: "failing",
  most: 800,
  why: "a POST that a silent node has taken stays there; none goes to it any more once two checks of 200 ms have waited 150 ms",
};
const quickWorst: Limit = {
  measure: "worst",
  most: 1300,
  why: "a node's silence is borne for 1 s, then comes one more try",
};
const backInTwo: Limit = {
  measure: "recover",
  most: 2000,
  why: "two failed checks take the node out within 0.6 s",
};
/** Of what comes back still believing that it has the address. */
const comesBack: Limit = {
  measure: "gap.heal",
  most: 500,
  why: "one advert tells who has the higher priority, one announcement tells clients",
};
const oneHolder = none("holders.after", "afterwards exactly one balancer has the address");

/** Of a balancer that stops answering at all. */
const addressMoved: Limit = {
  measure: "gap",
  most: 400,
  why: "three missed adverts of 100 ms and the skew, 345 ms at most, and the time to notice",
};
/** Of a balancer that says goodbye. */
const addressGiven: Limit = {
  measure: "gap",
  most: 120,
  why: "the holder gives the address away by itself: the peer waits its skew only, 41 or 45 ms",
};

export const catalog: readonly Drill[] = [
  {
    id: "node-killed",
    title: "a node is killed",
    fault: { kind: "kill", of: "node" },
    hold: 3000,
    settle: 2000,
    limits: [noGet, noIdempotent, postsInFlight, notTwice, quickWorst, backInTwo],
  },
  {
    id: "node-frozen",
    title: "a node is frozen",
    fault: { kind: "freeze", of: "node" },
    hold: 4000,
    settle: 2500,
    limits: [noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backInTwo],
  },
  {
    id: "node-errors",
    title: "a node answers 500",
    fault: { kind: "answers", of: "node", status: 500 },
    hold: 3000,
    settle: 2000,
    limits: [
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
    limits: [noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backInTwo],
  },
  {
    id: "node-unplugged",
    title: "a node's network is cut",
    fault: { kind: "disconnect", of: "node" },
    hold: 4000,
    settle: 2500,
    limits: [noGet, noIdempotent, postsUntilOut, notTwice, quickWorst, backInTwo],
  },
  {
    id: "node-crashed",
    title: "a node's process dies and Docker starts it again",
    fault: { kind: "crash", of: "node" },
    hold: 3000,
    settle: 1000,
    limits: [noGet, noIdempotent, postsInFlight, notTwice, quickWorst, backInTwo],
  },
  {
    id: "all-active-lost",
    title: "all active nodes are killed at once",
    fault: { kind: "kill", of: "all-active" },
    hold: 3000,
    settle: 3000,
    limits: [
      noGet,
      noIdempotent,
      postsInFlight,
      notTwice,
      { measure: "standby", most: 400, why: "the hot standby runs and is checked; nobody has to start it" },
    ],
  },
  {
    id: "balancer-killed",
    title: "the balancer with the address is killed",
    fault: { kind: "kill", of: "holder" },
    hold: 3000,
    settle: 2000,
    limits: [addressMoved, notTwice, oneHolder],
  },
  {
    id: "balancer-frozen",
    title: "the balancer with the address is frozen",
    fault: { kind: "freeze", of: "holder" },
    hold: 4000,
    settle: 3000,
    limits: [addressMoved, comesBack, notTwice, oneHolder],
  },
  {
    id: "balancer-stopped",
    title: "the balancer with the address is stopped in an orderly way",
    fault: { kind: "stop", of: "holder" },
    hold: 2500,
    settle: 2000,
    limits: [addressGiven, notTwice, oneHolder],
  },
  {
    id: "nginx-dead",
    title: "nginx dies, keepalived lives",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    hold: 2500,
    settle: 500,
    limits: [addressGiven, notTwice, oneHolder],
  },
  {
    id: "keepalived-dead",
    title: "keepalived dies, nginx lives",
    fault: { kind: "kill-program", of: "holder", program: "keepalived" },
    hold: 2500,
    settle: 500,
    limits: [addressMoved, notTwice, oneHolder],
  },
  {
    id: "partition",
    title: "the balancers lose each other, and find each other again",
    fault: { kind: "partition" },
    hold: 4000,
    settle: 3000,
    limits: [
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
      none("lost.all", "a node serves when its checks pass, and is out of use before it stops"),
      notTwice,
    ],
  },
  {
    id: "rolled",
    title: "a new image for all nodes, by `up`",
    fault: { kind: "scale", by: 0 },
    hold: 0,
    settle: 0,
    planned: "`up` replaces nodes one by one and does not wait until the one before is well",
    limits: [],
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
    limits: [noGet, noIdempotent, postsInFlight, notTwice],
  },
  {
    id: "moves50",
    title: "50 times the balancer with the address is killed",
    fault: { kind: "kill", of: "holder" },
    hold: 1200,
    settle: 1800,
    rounds: 50,
    onlyNamed: true,
    limits: [{ ...addressMoved, measure: "gap.p99" }, notTwice, oneHolder],
  },
  {
    id: "deaths50",
    title: "50 times nginx dies",
    fault: { kind: "kill-program", of: "holder", program: "nginx" },
    hold: 1500,
    settle: 500,
    rounds: 50,
    onlyNamed: true,
    limits: [{ ...addressGiven, measure: "gap.p99" }, notTwice, oneHolder],
  },
];
