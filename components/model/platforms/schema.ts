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

/** For what looks at the rest of a stack whose platform is wrong; nobody sees it. */
export const anyPlatform = { kind: "memory" } as const;
