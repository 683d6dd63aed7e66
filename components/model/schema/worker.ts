import { z } from "zod";
import { duration, secretReference, size } from "./common.ts";
import { containerOptions, containerPath } from "./container.ts";
import { image } from "./pool.ts";

const common = {
  image: image.describe("What it runs."),
  cpus: z.number().min(0.05).max(64).default(0.5).describe("CPU limit of each, in cores."),
  memory: size("16 MB", "512 GB")
    .prefault("128 MB")
    .describe("Memory limit of each; as much swap comes on top."),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.union([z.string(), secretReference]))
    .default({})
    .describe("Environment variables; values may be secrets."),
  ...containerOptions,
  stopGrace: duration("0 s", "10 min")
    .prefault("30 s")
    .describe("How long it may finish what it does after SIGTERM, before it is killed."),
};

const health = z
  .union([
    z.strictObject({
      command: z
        .array(z.string().min(1).max(10_000))
        .min(1)
        .max(200)
        .describe("Run in it every second; exit code 0 means that it is healthy."),
      startup: duration("1 s", "1 h").prefault("60 s").describe("How long it may take until then."),
    }),
    z.strictObject({
      file: containerPath.describe("A file that it touches again and again."),
      age: duration("1 s", "24 h").prefault("60 s").describe("Older, and it is unhealthy."),
      startup: duration("1 s", "1 h").prefault("60 s").describe("How long it may take until there is one."),
    }),
  ])
  .nullable()
  .default(null)
  .meta({ what: "`{ command: […] }` or `{ file: …, age: … }`, each with `startup`" })
  .describe(
    "How it is seen that it works; the warden starts it again when it doesn't for `warden.restart.unhealthyAfter`. `null`: that it runs.",
  );

const zone = z
  .string()
  .max(64)
  .refine((name) => isZone(name), {
    error: (issue) => `${JSON.stringify(issue.input)} is no time zone (IANA), such as "Europe/Berlin"`,
  })
  .meta({ what: "time zone" });

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Programs without clients, by kind. */
export const workerSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("worker"),
      count: z.int().min(1).max(100).default(1).describe("How many run."),
      health,
      ...common,
    })
    .describe("Runs all the time, as often as it says: what takes work from a queue."),
  z
    .strictObject({
      kind: z.literal("singleton"),
      standby: z
        .int()
        .min(0)
        .max(5)
        .default(1)
        .describe("Containers that are switched off until the one that runs is lost."),
      health,
      ...common,
    })
    .describe("One runs at a time, never two; a standby takes over when it is lost."),
  z
    .strictObject({
      kind: z.literal("scheduled"),
      schedule: z
        .string()
        .max(200)
        .describe(
          "Cron line: minute, hour, day of the month, month, weekday, with seconds in front or without.",
        ),
      zone: zone.default("UTC").describe("Time zone of the schedule."),
      startWithin: duration("1 s", "1 h")
        .prefault("60 s")
        .describe("How late a run may still start; after that it counts as missed."),
      ...common,
    })
    .describe("Runs at times, one at a time in the cluster."),
]);
