import { z } from "zod";
import type { ClusterSpec } from "../model/spec.ts";
import type { Forecast } from "../plan/forecast-types.ts";
import { type ClusterPlan, planSchema, type RenderedMachine } from "../plan/types.ts";
import { liftPlan } from "./older.ts";

/** Version of the document that `plan --json` prints; bump it when a field changes its meaning. */
export const planDocumentSchema = "hotspare.plan-document/1";

/** A stack as one revision of the kit plans it: all that a review compares. */
export interface PlanDocument {
  readonly schema: typeof planDocumentSchema;
  readonly stack: string;
  readonly plan: ClusterPlan;
  /** Warnings and risks that the stack accepts, with its reasons. */
  readonly acknowledged: ClusterSpec["acknowledge"];
  readonly forecast: readonly Forecast[];
  /** Folders that pools build their images from, as the stack names them, by the pool's name. */
  readonly contexts: Readonly<Record<string, string>>;
  /** Every machine with its rendered files. */
  readonly machines: readonly RenderedMachine[];
}

/*
 * Only what a comparison relies upon is checked, and what older revisions of the kit did not have yet is filled in. All other
 * fields pass as they are: a comparison shows them where both sides have them.
 */

const secretReference = z.looseObject({ secret: z.string() });
const problem = z.looseObject({ code: z.string(), path: z.string(), message: z.string(), hint: z.string() });
const range = z.looseObject({ low: z.number(), high: z.number() });

const unaddressed = z.looseObject({
  key: z.string(),
  name: z.string(),
  image: z.string(),
  cpus: z.number(),
  memory: z.number(),
});
const machine = unaddressed.extend({ address: z.string() });

const node = machine.extend({
  role: z.enum(["active", "hot", "cold"]),
  pool: z.string(),
  // Empty: of a revision that replaced nodes by their fields alone.
  fingerprint: z.string().default(""),
  weight: z.number(),
  environment: z.record(z.string(), z.union([z.string(), secretReference])).default({}),
  // Of a revision whose nodes could all write.
  readOnly: z.boolean().default(false),
});

const pool = z.looseObject({
  name: z.string(),
  shownAs: z.string(),
  algorithm: z.looseObject({ kind: z.string() }),
  health: z.looseObject({
    interval: z.number(),
    fall: z.number(),
    // Of a revision that asked by HTTP only.
    protocol: z.string().default("http"),
    service: z.string().default(""),
    // Of a revision in which the roll-out's patience was that of each node.
    startup: z.number().default(60_000),
  }),
  protocol: z.string().default("http"),
  tls: z.looseObject({}).nullable().default(null),
  // Of a revision in which sessions stayed nowhere.
  sticky: z.looseObject({ cookie: z.string() }).nullable().default(null),
});

const plan = z.looseObject({
  schema: z.literal(planSchema),
  cluster: z.string(),
  shownAs: z.string(),
  platform: z.looseObject({ kind: z.string() }),
  network: z.looseObject({ subnet: z.string(), virtualAddress: z.string().nullable() }),
  tier: z.looseObject({
    httpPort: z.number(),
    tls: z
      .looseObject({
        port: z.number(),
        end: z.looseObject({ at: z.enum(["balancer", "front"]) }),
        // Of a revision in which it was a year or nothing.
        strictTransport: z
          .union([
            z.string().nullable(),
            z.boolean().transform((isTold) => (isTold ? "max-age=31536000" : null)),
          ])
          .default(null),
      })
      .nullable()
      .default(null),
    failover: z.looseObject({ advertise: z.number() }),
    trustedProxies: z.array(z.string()).default([]),
    // Of a revision in which nobody could choose them.
    connections: z
      .looseObject({ perAddress: z.number().nullable(), bodiesPerAddress: z.number().nullable() })
      .default({ perAddress: 2048, bodiesPerAddress: 1024 }),
    logs: z.looseObject({ arguments: z.boolean() }).default({ arguments: false }),
    headers: z
      .looseObject({
        requestLimit: z.number(),
        answerLimit: z.number(),
        fromClient: z.array(z.string()),
        underscores: z.boolean().default(false),
        security: z.boolean().default(false),
      })
      .default({
        requestLimit: 16_384,
        answerLimit: 16_384,
        fromClient: [],
        underscores: false,
        security: false,
      }),
    compression: z.union([z.boolean(), z.literal("gzip")]).default(false),
    paths: z.string().default("strict"),
  }),
  balancers: z.array(machine.extend({ priority: z.number() })),
  pools: z.array(pool),
  nodes: z.array(node),
  groups: z
    .array(
      z.looseObject({
        key: z.string(),
        role: z.enum(["balancer", "active", "hot"]),
        pool: z.string().nullable(),
        fingerprint: z.string(),
        count: z.looseObject({ desired: z.number() }),
        waiting: z.looseObject({ count: z.number() }).nullable(),
        machine: z.looseObject({ vcpus: z.number() }),
        programs: z.string().default(""),
      }),
    )
    .default([]),
  // Without a host: of a revision in which routes went by the path alone.
  routes: z.array(
    z
      .looseObject({ path: z.string(), host: z.string().nullable().default(null), pool: z.string() })
      // Of a revision in which a node's silence was borne as long as readTimeout says.
      .transform((route) => ({ patience: route.readTimeout, ...route })),
  ),
  rollout: z
    .looseObject({ patience: z.number(), step: z.number(), drain: z.number() })
    // Of a revision that knew no roll-out.
    .default({ patience: 60_000, step: 2500, drain: 30_000 }),
  door: machine.extend({ httpPort: z.number() }).nullable().default(null),
  wardens: z
    .array(machine.extend({ timers: z.looseObject({ limit: z.number().default(0) }).prefault({}) }))
    .default([]),
  filter: unaddressed.nullable().default(null),
  warnings: z.array(problem).default([]),
});

const document = z.looseObject({
  schema: z.literal(planDocumentSchema),
  stack: z.string(),
  plan: z.preprocess(liftPlan, plan),
  acknowledged: z.array(z.looseObject({ code: z.string(), reason: z.string() })).default([]),
  contexts: z.record(z.string(), z.string()).default({}),
  forecast: z
    .array(
      z.looseObject({
        id: z.string(),
        title: z.string(),
        lost: z.record(z.string(), range),
        capacity: z.looseObject({ left: z.number(), until: range }).nullable().default(null),
      }),
    )
    .default([]),
  machines: z.array(
    z.looseObject({
      machine: z.string(),
      files: z.array(
        z.looseObject({
          path: z.string(),
          mode: z.string(),
          content: z.union([z.string(), secretReference]),
        }),
      ),
    }),
  ),
});

/**
 * What `plan --json` of any revision printed, as this one compares it.
 *
 * @throws Error that names the field that is missing or of another version, and what to do.
 */
export function readPlanDocument(json: unknown): PlanDocument {
  const read = document.safeParse(json);
  // Only what a comparison relies upon was checked; the rest is as the revision printed it.
  if (read.success) return read.data as unknown as PlanDocument;
  const [issue] = read.error.issues;
  const path = issue?.path.join(".") ?? "";
  const found = valueAt(json, issue?.path ?? []);
  if (path === "schema" || path === "plan.schema") throw new Error(otherVersion(path, found));
  const where = path === "" ? "the plan document" : `the plan document's field "${path}"`;
  throw new Error(
    `${where} ${found === undefined ? "is missing" : `can't be used (${issue?.message})`}; print it with \`./hotspare plan <stack> --json\`, in a revision that has all of it`,
  );
}

function otherVersion(path: string, found: unknown): string {
  const known = path === "schema" ? planDocumentSchema : planSchema;
  return `the plan document's field "${path}" is ${JSON.stringify(found) ?? "missing"}, and this revision reads "${known}" only; review with the kit of the revision that printed it`;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    json,
  );
}
