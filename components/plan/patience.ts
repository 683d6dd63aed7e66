import type { RoutePlan } from "./types.ts";

/*
 * How long a balancer waits for a silent node where it learns that from the route's own times, as the balancers' Lua code has it
 * (infra/runtime/balancer/lua/hotspare/learned.lua; a test holds the numbers equal).
 */

/** Milliseconds: the least that a try gets, and what one gets as long as nothing is known. */
export const leastPatience = 1000;
export const unknownPatience = 10_000;
/** Answers of a route until something is known of it, and milliseconds between two looks at them. */
export const enoughAnswers = 100;
export const looksEach = 1000;
/** So many times what the slowest of a thousand answers takes. */
export const patienceFactor = 3;

/**
 * Milliseconds of silence after which a node is left for another.
 *
 * @param answers what the route's slowest answers take; null as long as the balancers know nothing of it
 */
export function patienceOf({ patience, readTimeout }: RoutePlan, answers: number | null): number {
  if (patience !== "learned") return patience;
  const learned = answers === null ? unknownPatience : Math.max(leastPatience, patienceFactor * answers);
  return Math.min(readTimeout, learned);
}

/** The same where no other may be asked: the client would have an error in place of a late answer. */
export function lastPatience(route: RoutePlan, answers: number | null): number {
  const patience = patienceOf(route, answers);
  return route.patience === "learned"
    ? Math.min(route.readTimeout, Math.max(patience, unknownPatience))
    : patience;
}
