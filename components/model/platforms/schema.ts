import { z } from "zod";
import { awsSchema } from "./aws/schema.ts";
import { dockerSchema } from "./docker/schema.ts";
import { memorySchema } from "./memory/schema.ts";
import { metalSchema } from "./metal/schema.ts";

/** Where the cluster runs: a line a kind. */
export const platformSchema = z.discriminatedUnion("kind", [
  dockerSchema,
  awsSchema,
  metalSchema,
  memorySchema,
]);
