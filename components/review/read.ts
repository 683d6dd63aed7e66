import { z } from "zod";
import type { Forecast } from "../plan/forecast-types.ts";
import { machineRoles } from "../plan/roles.ts";
import type { ClusterChange } from "./compare/types.ts";
import type { EngineReview } from "./engine/types.ts";
import type { Risk } from "./risks/types.ts";
import { type Review, reviewSchema } from "./types.ts";

/*
 * The shape of a saved review. It may come from a job that ran a stranger's code, so nothing of it is taken for granted: what
 * passes has every field of its type, and fields that no type knows are dropped. What the texts say is not judged here: printers
 * escape them.
 */

const text = z.string();
const count = z.number().int().nonnegative();
const number = z.number();
const texts = z.array(text);

/** Both sides of something; null where there is nothing. */
function sides<T extends z.ZodType>(shape: T) {
  return z.object({ before: shape.nullable(), after: shape.nullable() });
}

const range = z.object({ low: number, high: number });
const field = z.object({ path: text, before: text.nullable(), after: text.nullable() });
const warning = z.object({ code: text, path: text, message: text, hint: text });

const forecast = z.object({
  id: text as z.ZodType<Forecast["id"]>,
  title: text,
  detect: range.nullable(),
  noService: range,
  lost: z.object({ get: range, post: range, idempotent: range }),
  worst: range.nullable(),
  unlearned: range.optional(),
  open: range.optional(),
  // Reviews saved before there was one have none.
  capacity: z.object({ left: number, until: range }).nullable().default(null),
}) satisfies z.ZodType<Forecast>;

const machine = z.object({
  key: text,
  role: z.enum(machineRoles),
  pool: text.nullable(),
  action: z.enum(["added", "removed", "replaced", "updated"]),
  order: z.enum(["create-first", "delete-first"]).nullable(),
  reasons: z.array(field),
  files: texts,
});

const pool = z.object({
  name: text,
  kind: z.enum(["added", "removed", "changed"]),
  capacity: number.nullable(),
  nodes: sides(z.object({ active: count, hot: count, cold: count })),
  shares: z.array(z.object({ node: text, before: number.nullable(), after: number.nullable() })),
  keysMoved: number.nullable(),
  settings: z.array(field),
});

const hunk = z.object({
  oldStart: count,
  oldLines: count,
  newStart: count,
  newLines: count,
  lines: texts,
});

const file = z.object({
  path: text,
  machines: texts,
  kind: z.enum(["added", "removed", "changed"]),
  mode: field.nullable(),
  hunks: z.array(hunk),
  added: count,
  removed: count,
});

const cover = z.object({
  balancers: count,
  pools: z.array(z.object({ pool: text, nodes: count, wholeCapacity: count, afterOneLoss: number })),
});

/** A word of a picture; longer ones nobody reads there. */
const label = text.max(500);
const box = z.object({
  key: label,
  label,
  action: z.enum(["added", "removed", "replaced", "updated"]).nullable(),
});
const boxes = z.array(box).max(1000);
const topology = z.object({
  address: label.nullable(),
  tier: label,
  balancers: boxes,
  door: box.nullable(),
  aside: boxes,
  pools: z.array(z.object({ name: label, title: label, boxes })).max(1000),
  routes: z.array(z.object({ path: label, pool: label })).max(10_000),
});

const change = z.object({
  kind: z.enum(["unchanged", "changed", "added", "removed"]),
  sentences: z.array(z.object({ subject: text, text })),
  machines: z.array(machine),
  machinesUnchanged: count,
  pools: z.array(pool),
  settings: z.array(field),
  files: z.array(file),
  cover: sides(cover),
  forecasts: z.array(z.object({ id: text, title: text, forecast: sides(forecast) })),
  rollout: z.array(z.object({ text, lost: range.nullable(), takes: range.nullable() })),
  topology: sides(topology),
  warnings: z.object({ added: z.array(warning), gone: z.array(warning) }),
}) satisfies z.ZodType<ClusterChange>;

const risk = z.object({
  code: text,
  severity: z.enum(["danger", "warning", "notice"]),
  path: text,
  message: text,
  hint: text,
  acknowledged: text.nullable(),
}) satisfies z.ZodType<Risk>;

const shown = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("value"), text }),
  z.object({ kind: z.literal("hidden") }),
  z.object({ kind: z.literal("unknown") }),
  z.object({ kind: z.literal("absent") }),
]);

const property = z.object({
  path: text,
  kind: z.enum(["add", "update", "delete"]),
  replaces: z.boolean(),
  before: shown,
  after: shown,
});

const stepKind = z.enum(["create", "update", "replace", "delete", "read", "import", "discard", "other"]);

const causeKind = z.enum([
  "property",
  "cascade",
  "requested",
  "trigger",
  "replace-with",
  "deleted-with",
  "provider",
  "init-error",
  "identity",
  "interrupted",
  "gone",
  "unknown",
]);

const step = z.object({
  urn: text,
  name: text,
  type: text,
  component: texts,
  kind: stepKind,
  order: z.enum(["create-first", "delete-first"]).nullable(),
  causes: z.array(z.object({ kind: causeKind, from: text.nullable(), properties: texts, text })),
  properties: z.array(property),
  protected: z.boolean(),
  holdsData: z.boolean(),
  retained: z.boolean(),
  opens: z.array(z.object({ protocol: text, from: z.number(), to: z.number() })),
  failed: z.boolean(),
});

const engine = z.object({
  result: z.enum(["succeeded", "failed", "canceled", "incomplete"]),
  counts: z.record(stepKind, count),
  steps: z.array(step),
  diagnostics: z.array(
    z.object({ severity: z.enum(["warning", "error"]), urn: text.nullable(), message: text }),
  ),
  policies: z.array(
    z.object({
      urn: text.nullable(),
      policy: text,
      pack: text,
      level: z.enum(["advisory", "mandatory"]),
      message: text,
    }),
  ),
  drift: z
    .array(z.object({ urn: text, kind: z.enum(["changed", "gone"]), properties: z.array(property) }))
    .nullable(),
}) satisfies z.ZodType<EngineReview>;

const revision = z.object({ ref: text, commit: text.nullable(), dirty: z.boolean() });

/** A stack's name as Pulumi allows it; it becomes part of the comment's marker, so nothing else may be in it. */
const stackName = text.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, "not a stack's name");

const review = z.object({
  schema: z.literal(reviewSchema),
  stack: stackName,
  base: revision,
  head: revision,
  verdict: z.enum(["unchanged", "changed", "destructive", "drift", "violated", "failed"]),
  failures: z.array(z.object({ phase: z.enum(["base", "head", "preview", "drift"]), message: text })),
  change: change.nullable(),
  risks: z.array(risk),
  engine: engine.nullable(),
  // Reviews saved before there was any have none.
  confinement: z.object({ permissions: z.boolean(), namespaces: z.boolean() }).nullable().default(null),
}) satisfies z.ZodType<Review>;

/** @throws Error that names the first fields that don't fit. */
export function readReview(document: unknown): Review {
  const parsed = review.safeParse(document);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map((issue) => `${path(issue.path)}: ${issue.message}`);
  throw new Error(`no review of schema ${reviewSchema}: ${problems.join("; ")}`);
}

function path(keys: readonly PropertyKey[]): string {
  return keys.length === 0 ? "document" : keys.map(String).join(".");
}
