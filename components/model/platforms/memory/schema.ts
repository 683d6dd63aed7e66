import { z } from "zod";

/** The shape of this platform. */
export const memorySchema = z
  .strictObject({
    kind: z.literal("memory"),
  })
  .describe(
    "Makes nothing: every planned thing becomes a note in the engine's state. For tests of stacks and of the kit's seams.",
  );
