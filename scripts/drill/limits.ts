import { formatDuration } from "../../components/model/units.ts";
import type { Facts } from "./facts-types.ts";
import type { Measure } from "./figures.ts";

/** What a figure must not exceed, or must reach, and why it is that and not less. */
export interface Limit {
  readonly measure: Measure;
  readonly most?: number;
  /** Shows that the fault was there at all: a drill in which nothing broke has proved nothing. */
  readonly least?: number;
  /** Milliseconds of `most` that are the stack's timers, by its forecast; the rest is for the machine. Missing where no timer counts. */
  readonly expected?: number;
  readonly why: string;
}

/** A limit of every stack, or one that a stack's timers and size decide. */
export type LimitRule = Limit | ((facts: Facts) => Limit);

/*
 * Limits that several drills share, each with its reason. Those of one drill only stand with it in the catalog.
 *
 * What timers decide is taken from the forecast of the stack's own plan, and a margin is added for the machine: for scheduling on a
 * host that does other things too, for the starts of processes, for the time that a figure is rounded by. The margins are the
 * same for every stack, so that a slower stack is not measured more laxly than a quick one.
 */
const margins = {
  /** Of a balancer's first sign that something is wrong. */
  detect: 1000,
  /** Of the last piece of time in which clients were ill; pieces are 200 ms. */
  recover: 1200,
  /** Of the same on a machine without a processor to spare. */
  starved: 1450,
  /** Of the last request that failed. */
  failing: 250,
  /** Of the longest wait. */
  worst: 280,
  /** Of a move of the address, silent or with a goodbye: what the forecast counts from is noticed by nobody at once. */
  silent: 55,
  goodbye: 45,
  /** Of two balancers that hear each other again: an address is asked for, an announcement is read. */
  heard: 400,
  /** Of the end of a split; the way is looked up again first. */
  apart: 900,
  /** Of the first answer of a standby that runs. */
  standby: 130,
  /** Of the first answer of one that has to be started: a warden's round, and the start itself. */
  cold: 1550,
} as const;

/** Milliseconds in tens, as limits are written. */
const tens = (milliseconds: number) => Math.floor(milliseconds / 10) * 10;

/** A limit of what timers decide: `expected` by them, and the margin. */
export function timed(measure: Measure, margin: keyof typeof margins, expected: number, why: string): Limit {
  const beside = `${Math.round(expected)} ms by the timers, ${margins[margin]} ms for the machine`;
  return { measure, most: tens(expected + margins[margin]), expected, why: `${why}: ${beside}` };
}

export const none = (measure: Measure, why: string): Limit => ({ measure, most: 0, why });
export const notTwice = none(
  "doubled.post",
  "a POST that isn't declared idempotent is never sent to a second node",
);

/** Requests that only a stack loses where nobody asks another node, or with too few tries or too little time to reach one that is left. */
function lost(measure: Measure, high: number, why: string): Limit {
  if (high === 0) return none(measure, why);
  const most = Math.ceil(high * 1.5);
  return {
    measure,
    most,
    why: `nobody sends them to a node that is left, or not in time: ${Math.ceil(high)} by the timers, half as many for the machine`,
  };
}

export const noGet = ({ forecast }: Facts) =>
  lost("lost.get", forecast.lost.get.high, "a GET is sent to the next node");
export const noIdempotent = ({ forecast }: Facts) =>
  lost("lost.idempotent", forecast.lost.idempotent.high, "the route declares that a second try does no harm");
/** A route that loses GETs loses POSTs that never reached a node too. */
export const postsInFlight = ({ forecast: { lost: high } }: Facts) =>
  lost(
    "lost.post.beyondInFlight",
    high.get.high === 0 ? 0 : high.post.high,
    "only POSTs that were at the node when it died can be lost: nobody knows whether they were done",
  );
export const postsUntilOut = ({ silence, health }: Facts) =>
  timed(
    "failing",
    "failing",
    silence.high,
    `a POST that a silent node has taken stays there; none goes to it any more once ${health.fall} checks, one each ${formatDuration(health.interval)}, have waited ${formatDuration(health.timeout)}`,
  );
export const quickWorst = ({ forecast, silentWait }: Facts) =>
  timed(
    "worst",
    "worst",
    Math.max(forecast.worst?.high ?? 0, silentWait),
    "a node's silence is borne as long as the route says, then comes one more try",
  );
/** Of a balancer behind directors: its open connections end as soon as they know. */
export const failsUntilLeftOut = ({ forecast }: Facts) =>
  timed(
    "failing",
    "failing",
    forecast.detect?.high ?? 0,
    "directors send nothing more to a balancer whose checks have failed, and end what is open there",
  );
export const backAfterChecks = ({ silence, health }: Facts) =>
  timed("recover", "recover", silence.high, `${health.fall} failed checks take the node out`);
/** Of a node that answers with errors: its open connections meet them until they end. */
export const failsUntilOut = ({ forecast, health, stays }: Facts) =>
  timed(
    "failing",
    "failing",
    (forecast.detect?.high ?? 0) + stays,
    `a 500 is an answer and goes to the client until ${health.fall} checks have failed${staying(stays)}`,
  );
export const backAfterErrors = ({ silence, health, stays }: Facts) =>
  timed(
    "recover",
    "recover",
    silence.high + stays,
    `${health.fall} failed checks take the node out${staying(stays)}`,
  );
const staying = (stays: number) =>
  stays === 0 ? "" : `, and open connections stay at it for ${formatDuration(stays)} more`;
/** Of what comes back still believing that it has the address. */
export const comesBack = ({ advertise }: Facts) =>
  timed(
    "gap.heal",
    "heard",
    advertise,
    "one advert tells who has the higher priority, one announcement tells clients",
  );
export const noticed = ({ forecast, silence }: Facts) =>
  timed(
    "detect",
    "detect",
    (forecast.detect ?? silence).high,
    "the balancers must have seen that something was wrong",
  );
/** By a balancer that knows that it is late: it bears silence three times as long, and one failed check more. */
export const noticedLate = ({ forecast, health }: Facts) => {
  const patience = Math.max(health.timeout, Math.min(3 * health.timeout, 1000));
  const silent = (health.fall + 1) * Math.max(health.interval, patience) + health.interval;
  return timed(
    "detect",
    "starved",
    Math.max(forecast.detect?.high ?? 0, silent),
    "patience with silence is bounded, and a refusal needs none",
  );
};
export const moved: Limit = {
  measure: "moves",
  least: 1,
  why: "the address must have moved, or nothing was broken",
};
export const movedFifty: Limit = { ...moved, least: 50 };
export const movedTwenty: Limit = { ...moved, least: 20 };
export const keptOpen = ({ keeps }: Facts): Limit => ({
  measure: "kept",
  least: keeps,
  why: "as many connections must have been open, or nothing was shown",
});
export const keptAll = ({ forecast, keeps }: Facts): Limit => ({
  measure: "kept.ended",
  most: Math.ceil(keeps * (forecast.open?.high ?? 1)),
  why: "the other director sends every open connection to the node that it had",
});
export const oneHolder = none("holders.after", "afterwards exactly one balancer has the address");

/** Of a balancer that stops answering at all. */
export const addressMoved =
  (measure: "gap" | "gap.p99" = "gap") =>
  ({ forecast, advertise }: Facts) =>
    timed(
      measure,
      "silent",
      forecast.noService.high,
      `three missed adverts of ${formatDuration(advertise)} and the skew, and the time to notice`,
    );
/** Of a balancer that says goodbye. */
export const addressGiven =
  (measure: "gap" | "gap.p99" = "gap") =>
  ({ forecast }: Facts) =>
    timed(
      measure,
      "goodbye",
      forecast.noService.high,
      "the holder gives the address away by itself, and the peer waits its skew only",
    );
/** Of the hot standby, once no active node is left. */
export const hotAnswers = ({ forecast, service }: Facts) =>
  timed(
    "standby",
    "standby",
    (forecast.detect?.high ?? 0) + service,
    "the hot standby runs and is checked; nobody has to start it",
  );
export const coldAnswers = ({ silence, health, coldAfter }: Facts) =>
  timed(
    "cold",
    "cold",
    silence.high + coldAfter + health.rise * health.interval,
    `the warden gives the hot ones ${formatDuration(coldAfter)} to do, and the node that it starts passes ${health.rise} checks`,
  );
export const endOfSplit = ({ advertise }: Facts) =>
  timed("split.after", "apart", advertise, "the one with the lower priority hears the other's next advert");
