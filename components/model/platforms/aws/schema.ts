import { z } from "zod";
import { duration, port, size } from "../../schema/common.ts";
import { maximumZones } from "../aws/layout.ts";
import { frontSchema } from "./front-schema.ts";
import { instanceType, policyArn } from "./names-schema.ts";
import { agentsSchema } from "./pins.ts";
import { poolOptions } from "./pool-schema.ts";
import { trafficSchema } from "./traffic.ts";

/*
 * The AWS part of a stack: all that only Amazon EC2 knows. What every platform knows (pools, routes, timers) stands where it
 * always stands, so that a stack moves by exchanging its `platform`.
 */

const arn = (service: string) =>
  z
    .string()
    .regex(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:.+$`))
    .max(2048)
    .meta({ what: `ARN of ${service}` });

/** EC2 user guide, Tag naming: what all services take; `aws:` is AWS's own. */
const tagCharacters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const tagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u);

const subnetIds = z.array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/)).min(2);

const vpc = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("own"),
      nat: z
        .enum(["one", "per-zone", "none"])
        .default("per-zone")
        .describe(
          "How machines reach the internet: `per-zone` outlives the loss of a zone, `one` is cheaper, `none` needs an image of yours and makes endpoints for the AWS services that the machines call.",
        ),
      flowLogs: z
        .literal([0, 1, 3, 7, 14, 30, 60, 90, 180, 365])
        .default(0)
        .describe("Days that records of all connections are kept; 0 for no records."),
      apart: z
        .array(z.cidrv4())
        .default([])
        .describe("Networks that the cluster's must not overlap with: peered VPCs, offices, data centers."),
    })
    .describe("A VPC of the cluster's own, with `network.subnet` as its range."),
  z
    .strictObject({
      kind: z.literal("adopted"),
      id: z.string().regex(/^vpc-[0-9a-f]{8,17}$/),
      public: subnetIds.describe("A public subnet for each zone, in the order of `zones`."),
      private: subnetIds.describe("A private subnet for each zone, with a way out to the internet."),
    })
    .describe("A VPC that exists and isn't changed. `zones` must be named."),
]);

const image = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("debian"),
      release: z.enum(["13"]).default("13").describe("Release of Debian."),
    })
    .describe(
      "Debian's own image: the id that `stacks/aws.lock.json` has for the region, else whatever its public SSM parameter names at `up`.",
    ),
  z
    .strictObject({
      kind: z.literal("ami"),
      id: z.string().regex(/^ami-[0-9a-f]{8,17}$/),
      architecture: z.enum(["x86_64", "arm64"]).describe("What the image was built for."),
    })
    .describe("An image of yours, Debian with the kit's packages in it."),
]);

const refresh = z.strictObject({
  healthyPercent: z
    .int()
    .min(50)
    .max(100)
    .default(100)
    .describe("Part of a group that serves while its machines are replaced; 100: new ones come first."),
  checkpoints: z
    .array(z.int().min(1).max(100))
    .default([20, 50, 100])
    .describe("Percent of a group at which its replacement stops and looks at the alarms."),
  pause: duration("0 s", "48 h").prefault("2 min").describe("How long it stops there."),
});

const monitoring = z.strictObject({
  notify: z.array(z.email()).default([]).describe("Who gets alarms, by mail."),
  topic: arn("sns")
    .nullable()
    .default(null)
    .describe("An SNS topic of yours; `null` for one of the cluster's."),
  logDays: z.literal([1, 3, 7, 14, 30, 60, 90, 180, 365]).default(14).describe("Days that logs are kept."),
});

/** Amazon EC2 as a platform. */
export const awsSchema = z
  .strictObject({
    kind: z.literal("aws"),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .describe("AWS region, e.g. `eu-central-1`."),
    account: z
      .string()
      .regex(/^\d{12}$/)
      .nullable()
      .default(null)
      .describe(
        "Account that it may be made in and in no other; `null` for whichever the credentials are of.",
      ),
    zones: z
      .union([
        z.int().min(2).max(maximumZones),
        z
          .array(z.string().regex(/^([a-z]{2}(-[a-z]+)+-\d[a-z]|[a-z]{3,6}\d-az\d+)$/))
          .min(2)
          .max(maximumZones),
      ])
      .default(2)
      .describe(
        "Availability zones: how many, the region's first ones, or their names, e.g. `eu-central-1a`, or their ids, e.g. `euc1-az2`: a name means another place in each account, an id the same in all.",
      ),
    vpc: vpc.prefault({ kind: "own" }).describe("The network around it."),
    clients: z
      .array(z.cidrv4())
      .min(1)
      .default(["0.0.0.0/0"])
      .describe("Networks whose clients may come in."),
    front: frontSchema.prefault({}).describe("The load balancer that clients meet."),
    idleTimeout: duration("60 s", "6000 s")
      .prefault("350 s")
      .describe(
        "How long a connection of a client may be silent until the load balancer forgets it: longer for WebSockets that say little.",
      ),
    reach: z
      .array(
        z.strictObject({
          network: z.cidrv4().describe("Where it is."),
          port: port.describe("TCP port, e.g. 5432 of a database."),
        }),
      )
      .default([])
      .describe("What nodes may reach besides web servers (TCP 80 and 443 everywhere)."),
    image: image.prefault({ kind: "debian" }).describe("What the machines start from."),
    agents: agentsSchema
      .prefault({})
      .describe(
        "Versions of AWS's agents that machines install, instead of those of `stacks/aws.lock.json`; without either they are the newest, unchecked.",
      ),
    instanceType: instanceType.default("t3.small").describe("EC2 instance type of nodes and balancers."),
    balancerType: instanceType
      .nullable()
      .default(null)
      .describe("Instance type of the balancers; `null` for the same as the nodes'."),
    disk: size("8 GB", "16384 GB").prefault("8 GB").describe("Disk of each machine: gp3, always encrypted."),
    key: arn("kms").nullable().default(null).describe("KMS key for disks and secrets; `null` for AWS's own."),
    permissionsBoundary: policyArn
      .nullable()
      .default(null)
      .describe(
        "IAM policy beyond which no role of the cluster can go, whatever its own policies say; `null` for none.",
      ),
    pools: z
      .record(z.string(), poolOptions)
      .default({})
      .describe("What only AWS knows of a pool, by its name."),
    refresh: refresh.prefault({}).describe("How a change of a group's machines rolls through it."),
    traffic: trafficSchema
      .prefault({})
      .describe(
        "What the estimate of cost takes for granted. Nothing is made by it, and nothing is limited.",
      ),
    monitoring: monitoring.prefault({}).describe("Alarms, logs and the dashboard."),
    tags: z
      .record(tagKey, z.string().max(256).regex(tagCharacters))
      .default({})
      .describe("Tags of yours on everything, e.g. a cost center."),
  })
  .describe(
    "Virtual machines on Amazon EC2: Auto Scaling groups with warm pools, an nginx tier behind a Network Load Balancer.",
  );
