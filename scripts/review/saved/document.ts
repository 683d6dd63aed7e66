import { createHash, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { Verdict } from "../../../components/review/types.ts";
import { verdicts } from "../../../components/review/verdict.ts";
import { exitCodes, UserError } from "../../exit.ts";
import { isSignedBy, publicKeyVariable, signatureOf, signingKeyVariable } from "./signature.ts";

/*
 * A reviewed change as a file: all that decides what an `up` does, so that one that would do anything else can be told
 * before it begins. It holds hashes, and secrets only as the engine's own plan holds them: encrypted with the stack's key.
 */

/** Version of the file; bump it when a field changes its meaning. */
export const savedPlanSchema = "hotspare.saved-plan/1";

const hashes = z.record(z.string(), z.string());

const stepShape = z.strictObject({
  urn: z.string(),
  op: z.string(),
  /** Hash of the inputs that the state had; null for what is new. */
  before: z.string().nullable(),
  /** Hash of the inputs that it gets; null for what goes. */
  after: z.string().nullable(),
});

const contentShape = z.strictObject({
  schema: z.literal(savedPlanSchema),
  stack: z.string(),
  owner: z.string(),
  /** The commit that lay in the working tree, and whether files differed from it. For people; what counts is `program`. */
  head: z.strictObject({ commit: z.string().nullable(), dirty: z.boolean() }),
  verdict: z.enum(verdicts as [Verdict, ...Verdict[]]),
  /** Versions of what runs the program, by name. */
  tools: z.record(z.string(), z.string()),
  /** Hashes of the files that the program is made of, by path. */
  program: hashes,
  /** Hashes of the rendered files, by machine and path. */
  rendered: hashes,
  /** What the engine would do, step by step. */
  steps: z.array(stepShape),
  /** The engine's own plan, as `pulumi preview --save-plan` wrote it. */
  enginePlan: z.record(z.string(), z.unknown()),
});

const fileShape = z.strictObject({
  ...contentShape.shape,
  seal: z.string(),
  /** Of who has planned; null for nobody in particular. */
  signature: z.strictObject({ key: z.string(), value: z.string() }).nullable().default(null),
});

export type SavedPlan = Readonly<z.infer<typeof contentShape>>;
export type SavedStep = Readonly<z.infer<typeof stepShape>>;

/** A hash of any JSON value, the same for the same value in whatever order its fields stand. */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(stable(value)).digest("hex");
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Readable by its writer only, since the engine's plan has the stack's settings. */
export function writeSavedPlan(file: string, plan: SavedPlan, key: KeyObject | null = null): void {
  mkdirSync(dirname(file), { recursive: true });
  const seal = hashOf(plan);
  const signature = key === null ? null : signatureOf(seal, key);
  writeFileSync(file, `${JSON.stringify({ ...plan, seal, signature }, null, 1)}\n`, { mode: 0o600 });
}

/**
 * @param keys of whom the plan must be signed; null where anybody's will do
 * @throws UserError when the file isn't a whole and untouched saved plan of one of them
 */
export function readSavedPlan(file: string, keys: readonly KeyObject[] | null = null): SavedPlan {
  const parsed = fileShape.safeParse(parse(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") || "the file";
    throw refused(
      `${file} is no plan that \`./hotspare review --save\` of this revision wrote (${where}: ${issue?.message})`,
    );
  }
  const { seal, signature, ...plan } = parsed.data;
  if (seal !== hashOf(plan))
    throw refused(`${file} has been changed since it was written; review and save again`);
  if (keys !== null && signature === null)
    throw refused(
      `${file} is signed by nobody, and ${publicKeyVariable} asks for a signature; review and save it where ${signingKeyVariable} is set`,
    );
  if (keys !== null && signature !== null && !isSignedBy(keys, seal, signature))
    throw refused(
      `${file} is not signed with a key that ${publicKeyVariable} names; review and save it where the key to one of them is`,
    );
  return plan;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw refused(`${file} can't be read as a saved plan (${(error as Error).message})`);
  }
}

/** A reviewed plan that is not carried out; nothing has been changed. */
export function refused(message: string): UserError {
  return new UserError(message, exitCodes.planRefused);
}
