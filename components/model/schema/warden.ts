import { z } from "zod";
import { duration } from "./common.ts";

const restart = z.strictObject({
  after: duration("0 s", "1 h")
    .prefault("2 s")
    .describe("How long a node may be switched off before it is started again."),
  unhealthyAfter: duration("1 s", "24 h")
    .prefault("10 s")
    .describe(
      "How long a node may run and fail its checks before it is restarted. Never when no node of its pool is healthy.",
    ),
  tries: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe("Tries in a row; then it is given up and tried again after 10 min."),
  backoff: duration("100 ms", "1 h")
    .prefault("5 s")
    .describe("Pause after the first try; doubled after each further one, up to 5 min."),
});

/** The warden: what happens between two `up`s. */
export const wardenSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      "Whether there is one beside each balancer. Without, hot standbys serve only when no active node can, cold ones never, and nothing is restarted.",
    ),
  openToNodes: z
    .boolean()
    .default(false)
    .describe(
      "Whether nodes may ask the wardens for their metrics (port 9181), e.g. one that is a Prometheus. The host and what you attach to the network may in any case.",
    ),
  coldAfter: duration("0 s", "1 h")
    .prefault("500 ms")
    .describe("How long hot standbys may be too few before a cold one is started."),
  calm: duration("500 ms", "24 h")
    .prefault("10 s")
    .describe("How long the active nodes must be healthy, without a break, before standbys go back."),
  limit: z.int().min(0).max(200).default(200).describe("Standbys of one pool that may serve at a time."),
  restart: restart.prefault({}).describe("How nodes that stopped or stay unhealthy are restarted."),
});
