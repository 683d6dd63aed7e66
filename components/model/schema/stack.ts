import { z } from "zod";
import { balancerSchema, defaultBalancer } from "../balancers/schema.ts";
import { platformSchema } from "../platforms/schema.ts";
import { accessorySchema } from "./accessory.ts";
import { duration, label } from "./common.ts";
import { poolSchema } from "./pool.ts";
import { routeSchema } from "./route.ts";
import { wardenSchema } from "./warden.ts";
import { workerSchema } from "./worker.ts";

const network = z.strictObject({
  subnet: z
    .union([z.literal("auto"), z.cidrv4()])
    .default("auto")
    .describe(
      "IPv4 network, /12 to /23, on AWS from /16 on. `auto` derives a /22 of 10.64.0.0/10 from owner and cluster, so that clusters don't meet.",
    ),
  virtualAddress: z
    .union([z.literal("auto"), z.ipv4()])
    .default("auto")
    .describe(
      "The address that clients use. `auto` takes one of the kit's own layout; where the network is yours (`metal`) it has to be said.",
    ),
});

const acknowledgement = z.strictObject({
  code: z.string().describe("Code of the warning or risk."),
  reason: z.string().min(10).describe("Why it is acceptable here."),
});

const rollout = z.strictObject({
  patience: duration("1 s", "1 h")
    .nullable()
    .prefault(null)
    .describe(
      "How long all new nodes together may take until they pass their health checks; longer, and the change is refused. `null` for the longest `health.startup`.",
    ),
  step: duration("500 ms", "1 h")
    .prefault("2500 ms")
    .describe(
      "How long each step of the ramp (5 %, 30 % of the requests) is watched for errors before the next.",
    ),
  drain: duration("0 s", "1 h")
    .prefault("30 s")
    .describe("How long requests under way at a node that leaves may take before it is stopped."),
});

/** A stack as a person writes it. Everything with a default may be left out. */
export const stackSchema = z.strictObject({
  name: label(24).describe(
    "Name of the cluster, for people. Without an `id` it is part of every container's and cloud name.",
  ),
  id: label(24)
    .optional()
    .describe(
      "What machines, labels and addresses of the cluster go by, for good. Set it to the old name when you rename a cluster that stands.",
    )
    .meta({ otherwise: "its `name`" }),
  environment: z
    .enum(["development", "staging", "production"])
    .describe("What it is for. Production has stricter rules."),
  platform: platformSchema.describe("Where the cluster runs."),
  network: network.prefault({}).describe("The cluster's own network."),
  balancer: balancerSchema.prefault(defaultBalancer).describe("The balancer tier in front."),
  pools: z
    .record(label(16), poolSchema)
    .describe("The pools, by name. Order gives each its addresses: add new ones at the end."),
  accessories: z
    .record(label(16), accessorySchema)
    .default({})
    .describe(
      "Single containers with data beside the pools, by the name under which nodes reach them. Not for clients.",
    ),
  workers: z
    .record(label(16), workerSchema)
    .default({})
    .describe("Programs without clients beside the pools, by name: from a queue, one at a time, at times."),
  routes: z
    .array(routeSchema)
    .prefault([])
    .describe("Which pool answers which path. What no route fits goes to the first pool."),
  rollout: rollout.prefault({}).describe("How replaced nodes give way to new ones."),
  warden: wardenSchema
    .prefault({})
    .describe("The runtime that promotes standbys, starts cold ones and brings dead nodes back."),
  protect: z
    .boolean()
    .default(false)
    .describe("Whether `./hotspare down` asks first. Plain `pulumi destroy` knows nothing of it."),
  acknowledge: z
    .array(acknowledgement)
    .default([])
    .describe("Warnings and risks that are accepted, each with a reason."),
});
