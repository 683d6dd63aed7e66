import { z } from "zod";
import { duration, rateLimit, size, urlPath } from "./common.ts";

/** A route: which pool answers below a path, and how patient the balancer is with it. */
export const routeSchema = z.strictObject({
  path: urlPath.describe("Prefix of the request path; the longest that fits wins."),
  host: z
    .string()
    .regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, {
      error: (issue) =>
        `${JSON.stringify(issue.input)} is not a host: lower-case letters, digits, dots and hyphens, or "*." before them, without a port`,
    })
    .max(253)
    .nullable()
    .default(null)
    .describe(
      "Only for requests to this host: a name, or `*.` and the end of a name; `null` for all. A host's own routes come before those for all.",
    ),
  pool: z.string().describe("Name of the pool that answers."),
  idempotent: z
    .boolean()
    .default(false)
    .describe(
      "Whether POST, PATCH and LOCK may be sent to a second node after the first was lost. May run a request twice.",
    ),
  connectTimeout: duration("10 ms", "60 s")
    .prefault("250 ms")
    .describe("How long a connection to a node may take."),
  patience: z
    .union([z.literal("learned"), duration("50 ms", "1 h")])
    .prefault("learned")
    .describe(
      "Longest silence of a node, before the next one is tried or the client gets 504: learned from the route's own times (1 s and more; 10 s before anything is known), or fixed.",
    ),
  readTimeout: duration("50 ms", "1 h")
    .prefault("60 s")
    .describe("Longest silence of a node that `patience` bears, whatever was learned."),
  retryFor: duration("0 s", "5 min")
    .prefault("4 s")
    .describe(
      "No further node is tried after this time; `0 s` for a single try. With a learned patience a try that began in time may be followed by another, however long it took.",
    ),
  tries: z
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe("Nodes that are tried for one request, the first included."),
  bodyLimit: size("1 KB", "10 GB")
    .nullable()
    .prefault(null)
    .describe("Largest request body; `null` for the tier's limit."),
  rateLimit: rateLimit
    .nullable()
    .default(null)
    .describe("Limit for this route; `null` for the tier's limit."),
  streaming: z
    .boolean()
    .default(false)
    .describe(
      "WebSocket, server-sent events, long downloads: nothing is buffered, silence may last an hour.",
    ),
});
