import { z } from "zod";
import { duration, secretReference, size, urlPath } from "../../schema/common.ts";
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

const schedule = z.strictObject({
  at: z
    .string()
    .max(100)
    .regex(/^[0-9A-Za-z*,/-]+( [0-9A-Za-z*,/-]+){4}$/)
    .describe("When, as cron has it: minute, hour, day, month, day of the week, e.g. `0 7 * * 1-5`."),
  zone: z
    .string()
    .max(50)
    .regex(/^[A-Za-z_+-]+(\/[A-Za-z0-9_+-]+){0,2}$/)
    .default("Etc/UTC")
    .describe("Time zone of that clock, e.g. `Europe/Berlin`."),
  min: z.int().min(1).max(1000).describe("Fewest active nodes from then on."),
});

const predictive = z.strictObject({
  percent: z.number().min(1).max(100).describe("Average CPU use that the forecast is for."),
  mode: z
    .enum(["forecast", "scale"])
    .describe(
      "`forecast` only shows what it would do, in AWS's console; `scale` does it. It adds nodes and takes none away.",
    ),
  ahead: duration("0 s", "1 h").prefault("5 min").describe("How long before the load they are there."),
});

const disk = z.strictObject({
  size: size("8 GB", "16384 GB").describe("Size."),
  iops: z.int().min(3000).max(16_000).default(3000).describe("Operations a second, at most 500 for each GB."),
  throughput: z
    .int()
    .min(125)
    .max(1000)
    .default(125)
    .describe("MiB a second, at most one for each four operations."),
});

const scaling = z.strictObject({
  max: z.int().min(1).max(1000).describe("Most active nodes."),
  min: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe("Fewest active nodes; the pool's `active` when left out."),
  targets: z.array(target).min(1).max(4).describe("What the number of nodes follows; the largest wish wins."),
  schedule: z
    .array(schedule)
    .max(20)
    .default([])
    .describe(
      "Fewest active nodes by the clock, for load that is known before it comes. The group's least number is the schedule's from then on, and no `up` changes it.",
    ),
  predictive: predictive
    .nullable()
    .default(null)
    .describe("Nodes before the load comes, by what AWS learns of up to two weeks; `null` for none."),
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
  share: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe("Percent of the nodes beyond `onDemand` that are Spot."),
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
  disk: disk
    .nullable()
    .default(null)
    .describe("Disk of this pool's machines, gp3 and encrypted; `null` for one of the platform's size."),
  securityGroups: z
    .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/))
    .max(4)
    .default([])
    .describe("Security groups of yours that the machines are in as well, e.g. one that a database lets in."),
  distribution: z
    .enum(["best-effort", "only"])
    .default("best-effort")
    .describe(
      "What happens when AWS has no machine in a zone: `best-effort` makes it in another one, `only` tries on in that zone, for pools whose zones must be even.",
    ),
  placement: z
    .enum(["none", "spread", "partition", "cluster"])
    .default("none")
    .describe(
      "`spread`: each on a rack of its own, at most 7 a zone; `partition`: racks in groups; `cluster`: close together in the first zone alone, for low latency.",
    ),
});
