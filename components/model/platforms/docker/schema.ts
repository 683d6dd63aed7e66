import { z } from "zod";

/** The shape of this platform. */
export const dockerSchema = z
  .strictObject({
    kind: z.literal("docker"),
  })
  .describe("Containers on one Docker Engine: the model for development and tests, not high availability.");
