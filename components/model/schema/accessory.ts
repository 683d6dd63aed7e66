import { z } from "zod";
import { duration, secretReference, size } from "./common.ts";
import { containerOptions } from "./container.ts";
import { image } from "./pool.ts";

const command = z.array(z.string().min(1).max(10_000)).min(1).max(200);

/** One container with data beside the pools: a database, a cache. */
export const accessorySchema = z.strictObject({
  image: image.describe("What it runs."),
  cpus: z.number().min(0.05).max(64).default(0.5).describe("CPU limit, in cores."),
  memory: size("16 MB", "512 GB").prefault("256 MB").describe("Memory limit; as much swap comes on top."),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.union([z.string(), secretReference]))
    .default({})
    .describe("Environment variables; values may be secrets."),
  ...containerOptions,
  ready: z
    .strictObject({
      command: command.describe("Run in it again and again; exit code 0 means that it can be used."),
      startup: duration("1 s", "1 h")
        .prefault("60 s")
        .describe("How long it may take; longer, and `up` fails."),
    })
    .nullable()
    .default(null)
    .describe(
      "How it is seen that it can be used; the nodes are made after that. `null` waits for its start alone.",
    ),
  backup: command
    .nullable()
    .default(null)
    .describe(
      "Command in it that writes all data to its standard output, for `./hotspare accessory backup`.",
    ),
  restoration: command
    .nullable()
    .default(null)
    .describe(
      "Command in it that reads such a backup from its standard input, for `./hotspare accessory restore`.",
    ),
  stopGrace: duration("0 s", "10 min")
    .prefault("30 s")
    .describe("How long it may take to end after SIGTERM, before it is killed."),
});
