import { z } from "zod";
import { secretReference, urlPath } from "../../schema/common.ts";
import { instanceType, policyArn } from "./names-schema.ts";

const target = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("cpu"),
      percent: z.number().min(1).max(100).describe("Average CPU use that the group is kept at."),
    })
    .describe("By CPU use."),
  z
    .strictObject({
      kind: z.literal("requests"),
      perSecond: z.number().min(0.1).max(1_000_000).describe("Requests a second and active node."),
    })
    .describe("By requests, as the balancers count them."),
  z
    .strictObject({
      kind: z.literal("metric"),
      namespace: z
        .string()
        .min(1)
        .max(255)
        .regex(/^(?!:)\P{Cc}+$/u),
      name: z
        .string()
        .min(1)
        .max(255)
        .regex(/^\P{Cc}+$/u),
      statistic: z.enum(["Average", "Maximum", "Minimum", "Sum"]).default("Average"),
      value: z.number().describe("What the metric is kept at; it must fall when nodes are added."),
    })
    .describe("By a CloudWatch metric of yours; its one dimension is the name of the group."),
]);

const scaling = z.strictObject({
  max: z.int().min(1).max(1000).describe("Most active nodes."),
  min: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe("Fewest active nodes; the pool's `active` when left out."),
  targets: z.array(target).min(1).max(4).describe("What the number of nodes follows; the largest wish wins."),
});

const warm = z.strictObject({
  count: z.int().min(1).max(100).describe("Nodes that wait."),
  state: z
    .enum(["running", "hibernated"])
    .describe(
      "`running` serves soonest and costs as much as an active node; `hibernated` has its memory on disk.",
    ),
});

const spot = z.strictObject({
  onDemand: z
    .int()
    .min(0)
    .max(1000)
    .describe("Nodes that are never Spot; at least as many as must stay when AWS takes all Spot ones back."),
  types: z
    .array(instanceType)
    .min(1)
    .max(39)
    .describe("Other types that will do, of one architecture: the more, the rarer an interruption."),
});

const registry = z.strictObject({
  server: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*(:\d{1,5})?$/)
    .max(255)
    .describe("Name of the registry, as the image's reference begins."),
  username: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\s"'\\$`%]+$/)
    .describe("Who signs in there."),
  password: secretReference.describe("The password or token; machines read it again with each start."),
});

/** What only AWS knows of a pool. */
export const poolOptions = z.strictObject({
  live: urlPath
    .nullable()
    .default(null)
    .describe(
      "What the group asks (GET) before it replaces a node; `null`: a connection is enough. Never what fails with something that all nodes share: `health` is for that.",
    ),
  instanceType: instanceType
    .nullable()
    .default(null)
    .describe("Type of this pool's machines, `*.metal` for hardware; `null` for the platform's."),
  scaling: scaling.nullable().default(null).describe("How the group grows and shrinks; `null`: it doesn't."),
  warm: warm
    .nullable()
    .default(null)
    .describe(
      "Nodes that wait in the group's warm pool; instead of `standby.cold`, which waits there stopped.",
    ),
  spot: spot.nullable().default(null).describe("Spot machines beyond a base; `null` for none."),
  policies: z
    .array(policyArn)
    .max(10)
    .default([])
    .describe(
      "IAM policies of a role whose credentials the pool's containers get, as AWS's SDKs look for them; nothing of the machine's own rights.",
    ),
  registry: registry
    .nullable()
    .default(null)
    .describe(
      "Sign-in at the registry of the pool's image; `null` for one that asks for none. ECR needs nothing here: machines sign in there by their own role.",
    ),
  placement: z
    .enum(["none", "spread", "partition", "cluster"])
    .default("none")
    .describe(
      "`spread`: each on a rack of its own, at most 7 a zone; `partition`: racks in groups; `cluster`: close together in the first zone alone, for low latency.",
    ),
});
