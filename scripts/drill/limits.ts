import type { Measure } from "./figures.ts";

/** What a figure must not exceed, or must reach, and why it is that and not less. */
export interface Limit {
  readonly measure: Measure;
  readonly most?: number;
  /** Shows that the fault was there at all: a drill in which nothing broke has proved nothing. */
  readonly least?: number;
  readonly why: string;
}

/*
 * Limits that several drills share, each with its reason. Those of one drill only stand with it in the catalog.
 */

export const none = (measure: Measure, why: string): Limit => ({ measure, most: 0, why });
export const notTwice = none(
  "doubled.post",
  "a POST that isn't declared idempotent is never sent to a second node",
);
export const noGet = none("lost.get", "a GET is sent to the next node");
export const noIdempotent = none("lost.idempotent", "the route declares that a second try does no harm");
export const postsInFlight: Limit = {
  measure: "lost.post.beyondInFlight",
  most: 0,
  why: "only POSTs that were at the node when it died can be lost: nobody knows whether they were done",
};
export const postsUntilOut: Limit = {
  measure: "failing",
  most: 800,
  why: "a POST that a silent node has taken stays there; none goes to it any more once two checks of 200 ms have waited 150 ms",
};
export const quickWorst: Limit = {
  measure: "worst",
  most: 1300,
  why: "a node's silence is borne for 1 s, then comes one more try",
};
export const backInTwo: Limit = {
  measure: "recover",
  most: 2000,
  why: "two failed checks take the node out within 0.6 s",
};
/** Of what comes back still believing that it has the address. */
export const comesBack: Limit = {
  measure: "gap.heal",
  most: 500,
  why: "one advert tells who has the higher priority, one announcement tells clients",
};
export const noticed: Limit = {
  measure: "detect",
  most: 2000,
  why: "the balancers must have seen that something was wrong",
};
export const moved: Limit = {
  measure: "moves",
  least: 1,
  why: "the address must have moved, or nothing was broken",
};
export const movedFifty: Limit = { ...moved, least: 50 };
export const oneHolder = none("holders.after", "afterwards exactly one balancer has the address");

/** Of a balancer that stops answering at all. */
export const addressMoved: Limit = {
  measure: "gap",
  most: 400,
  why: "three missed adverts of 100 ms and the skew, 345 ms at most, and the time to notice",
};
/** Of a balancer that says goodbye. */
export const addressGiven: Limit = {
  measure: "gap",
  most: 120,
  why: "the holder gives the address away by itself: the peer waits its skew only, 41 or 45 ms",
};
