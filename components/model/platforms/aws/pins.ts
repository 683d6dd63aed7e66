import { z } from "zod";

/*
 * What machines start from and fetch, known by its content: the lock file beside the stacks. A version alone is what a bucket, or
 * somebody on the way, says it is; `latest` is not even that, and makes machines of one group differ.
 */

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ what: "SHA-256, 64 hexadecimal digits" });
const imageId = z.string().regex(/^ami-[0-9a-f]{8,17}$/);

/** A version of an agent with the digests of its packages. */
export const agentPin = z.strictObject({
  version: z
    .string()
    .regex(/^\d+(\.\d+)+[a-z0-9]*$/)
    .describe("As its maker names the folder, e.g. `3.3.987.0`."),
  sha256: z
    .strictObject({ x86_64: sha256, arm64: sha256 })
    .describe("Digests of the Debian packages, 64 hexadecimal digits each."),
});

/** What a stack says instead of the lock file. */
export const agentsSchema = z.strictObject({
  session: agentPin
    .nullable()
    .default(null)
    .describe("The session manager's; `null`: as the lock file has it."),
  cloudwatch: agentPin.nullable().default(null).describe("CloudWatch's; `null`: as the lock file has it."),
});

/** The lock file. `on` is the UTC day on which something was seen. */
export const pinsSchema = z.strictObject({
  schema: z.literal(1),
  agents: z.strictObject({
    session: z.strictObject({ ...agentPin.shape, on: day }).nullable(),
    cloudwatch: z.strictObject({ ...agentPin.shape, on: day }).nullable(),
  }),
  /** By the image, e.g. `debian-13`, then by region. */
  images: z.record(
    z.string(),
    z.record(z.string(), z.strictObject({ x86_64: imageId, arm64: imageId, on: day })),
  ),
});

export type AgentPin = Readonly<z.output<typeof agentPin>>;
export type AwsPins = z.output<typeof pinsSchema>;
/** The agents by name: the session manager's, and CloudWatch's. */
export type AgentName = keyof AwsPins["agents"];

/** What nobody has recorded anything in. */
export const noPins: AwsPins = { schema: 1, agents: { session: null, cloudwatch: null }, images: {} };
