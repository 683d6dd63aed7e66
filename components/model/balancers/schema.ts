import { z } from "zod";
import { lvsSchema } from "./lvs/schema.ts";
import { nginxSchema } from "./nginx/schema.ts";

/** The balancer tier: a line a kind. */
export const balancerSchema = z.discriminatedUnion("kind", [nginxSchema, lvsSchema]);

/** The tier of a stack that names none. */
export const defaultBalancer = { kind: "nginx" } as const;
