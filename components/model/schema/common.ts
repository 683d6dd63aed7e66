import { z } from "zod";
import {
  type Duration,
  durationPattern,
  parseDuration,
  parseSize,
  type Size,
  sizePattern,
} from "../units.ts";

/**
 * A time span like `"250 ms"`; milliseconds after normalization.
 * The bounds are part of the schema so that the docs show them.
 */
export function duration(minimum: Duration, maximum: Duration) {
  const [low, high] = [parseDuration(minimum), parseDuration(maximum)];
  const error = (issue: { input?: unknown }) =>
    `${JSON.stringify(issue.input)} is not a time span from "${minimum}" to "${maximum}"`;
  return z
    .templateLiteral([z.number(), " ", z.enum(["ms", "s", "min", "h"])], { error })
    .refine((text) => durationPattern.test(text) && between(parseDuration(text), low, high), { error })
    .transform(parseDuration)
    .meta({ what: "time span", range: `${minimum} – ${maximum}` });
}

/** An amount of bytes like `"10 MB"`; bytes after normalization. */
export function size(minimum: Size, maximum: Size) {
  const [low, high] = [parseSize(minimum), parseSize(maximum)];
  const error = (issue: { input?: unknown }) =>
    `${JSON.stringify(issue.input)} is not an amount from "${minimum}" to "${maximum}"`;
  return z
    .templateLiteral([z.number(), " ", z.enum(["B", "KB", "MB", "GB"])], { error })
    .refine((text) => sizePattern.test(text) && between(parseSize(text), low, high), { error })
    .transform(parseSize)
    .meta({ what: "size", range: `${minimum} – ${maximum}` });
}

function between(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}

/** A name that is part of host names, container names and cloud tags: RFC 1123 label, lower case, at most `maximum` long. */
export function label(maximum: number) {
  return z
    .string()
    .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, {
      error: (issue) =>
        `${JSON.stringify(issue.input)} is not a name of lower-case letters, digits and inner hyphens that starts with a letter`,
    })
    .max(maximum)
    .meta({ what: "name", range: `up to ${maximum} lower-case letters, digits and hyphens` });
}

/** A TCP port. */
export const port = z.int().min(1).max(65_535);

/** A named secret: its value comes from Pulumi config (`./hotspare secret set <stack> <name>`), never from the stack file. */
export const secretReference = z
  .strictObject({
    secret: z
      .string()
      .regex(/^[a-z][a-zA-Z0-9-]*$/)
      .max(63),
  })
  .meta({ what: 'secret: `secret("name")`' })
  .describe("A named secret in Pulumi config.");

/** A path in a URL as nginx locations take it: starts with a slash, no spaces, quotes, braces, semicolons or `..`. */
export const urlPath = z
  .string()
  .max(200)
  .regex(/^\/[A-Za-z0-9\-._~!&'()*+,=:@/%]*$/, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a URL path (starts with "/", no spaces, quotes, ";", "{", "$")`,
  })
  .meta({ what: "URL path", range: "up to 200 characters" });

/** Requests a client may make; more are answered 429. Shared by tier and route. */
export const rateLimit = z.strictObject({
  perSecond: z
    .int()
    .min(1)
    .max(100_000)
    .describe("Requests a second and client address that pass, for as long as they come."),
  burst: z
    .int()
    .min(0)
    .max(100_000)
    .default(50)
    .describe("How many more may come at once before some are refused with 429."),
});
