import { plus, type Range, span } from "../../forecast-types.ts";
import type { GroupPlan } from "../../groups/types.ts";
import type { ProbePlan } from "./types.ts";

/*
 * Times of AWS's engines and of the machines on it, in milliseconds. What is documented says where; the rest are ranges that
 * people report, and nobody promises any of it.
 */

/**
 * How the load balancer asks its targets: the shortest interval that also fits slow nodes, and two answers in a row decide. AWS
 * takes 5–300 s and 2–10 answers (Elastic Load Balancing, Health checks for Network Load Balancer target groups).
 */
export const targetProbe: ProbePlan = { interval: 10_000, timeout: 5_000, fall: 2, rise: 2 };

/** nginx from its start until it answers, its configuration tested before. */
export const balancerStart: Range = span(50, 1_000);

/**
 * Until the load balancer sends a dead target nothing more. Where its packets stay without an answer, or are refused, its passive
 * checks may see it at once (same page), so from nothing on; one that only falls silent above TCP is left to the active ones.
 */
export function targetOut({ interval, timeout, fall }: ProbePlan, isDead: boolean): Range {
  return span(isDead ? 0 : (fall - 1) * interval + timeout, fall * interval + timeout);
}

/**
 * Until a group knows of a lost machine: the checks of its target group, and then the group has to ask for their verdict. How
 * often it does is nowhere documented; half a minute is reported.
 */
export function groupNotices(probe: ProbePlan): Range {
  return plus(span((probe.fall - 1) * probe.interval, targetOut(probe, true).high), span(0, 30_000));
}

/** How a group comes to a machine that serves: one that waits, in its state, or a new one. */
export type Start = "running" | "hibernated" | "stopped" | "launch";

/**
 * From the group's decision until the machine serves.
 *
 * - `running`: the machine tells that it is ready, and the balancers hear of it within seconds.
 * - `stopped`, `hibernated`: AWS speaks of 30 s (EC2 Auto Scaling warm pools, Compute Blog, 2021); github.com/brevdev/ec2-coldboot-research
 *   measured 21 s until the machine can be reached, and 26 s for a new one. A service that starts slowly comes on top.
 * - `launch`: as above, then packages, bundle and the service.
 */
const starts: Readonly<Record<Start, Range>> = {
  running: span(5_000, 20_000),
  hibernated: span(20_000, 60_000),
  stopped: span(25_000, 60_000),
  launch: span(60_000, 240_000),
};

/** Hardware tests itself before it boots, which takes minutes; AWS gives no number, this is what people report. */
export const metalBoot: Range = span(240_000, 900_000);

/** From the group's decision until another machine of it serves. */
export function startOf({ machine }: Pick<GroupPlan, "machine">, start: Start): Range {
  return machine.metal && start !== "running" ? plus(starts[start], metalBoot) : starts[start];
}

/** A Spot machine goes so long after AWS has said so (EC2 user guide, Spot Instance interruption notices). */
export const spotNotice = 120_000;

/** Balancers ask so often who is in the groups; a tenth more or less, so that they don't all ask at once. */
export const followerInterval = 2_000;

/** Until the balancers know a change of the groups' members; with an answer's time. */
export const followerRound: Range = span(0, followerInterval + 1_000);

/**
 * Until clients have another address than that of a zone that is lost: AWS has to see it, three failed checks 10 s apart where it
 * does so as Route 53 does, and resolvers may keep the old answer for 60 s (Elastic Load Balancing user guide, Request routing).
 */
export const zoneAddressGone: Range = span(0, 30_000 + 60_000);

/**
 * Milliseconds in which every balancer has heard that a machine goes; it serves on meanwhile. Two rounds, of which one may fail, in
 * whole seconds.
 */
export const hearWithin = Math.ceil((2 * 1.1 * followerInterval) / 1000) * 1000;

/**
 * How long a balancer that is to go serves on. A Network Load Balancer goes on opening connections for about 120 s after a target was
 * deregistered, whatever its settings say (measured by several who ran into it: github.com/kubernetes-sigs/aws-load-balancer-controller,
 * issue 2366; github.com/aws/containers-roadmap, issue 470).
 */
export const frontForgets = 130_000;
