import { z } from "zod";
import { hidden, maskField, maskText } from "../../components/review/masks.ts";
import { pulumi } from "../engine/command.ts";
import { explain } from "../engine/stack.ts";
import { UserError } from "../exit.ts";
import { parseMessage } from "./message.ts";

/** Version of the document that `history --json` prints; bump it when a field changes its meaning. */
export const historySchema = "hotspare.history/1";

/** One operation on a stack, as the backend remembers it. No value of it holds a secret. */
export interface HistoryEntry {
  /** The engine's word: `update`, `destroy`, `refresh`, `import`. */
  readonly kind: string;
  /** `succeeded`, `failed` or `in-progress`. */
  readonly result: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Null while it runs, and where it was killed. */
  readonly endedAt: string | null;
  /** What changed for the service, a sentence each; empty where nobody wrote it down. */
  readonly summary: readonly string[];
  /** Null where nobody wrote it down: operations past the kit, by `pulumi` itself. */
  readonly by: string | null;
  /** Tells one source of the stack from another; null where nobody wrote it down. */
  readonly source: string | null;
  /** Commit of the checkout; null outside of git. */
  readonly commit: { readonly id: string; readonly branch: string | null; readonly dirty: boolean } | null;
  /** Page of the CI job; null elsewhere. */
  readonly job: string | null;
  /** Resources by the engine's word for what was done with them. */
  readonly changes: Readonly<Record<string, number>>;
  /** The stack's settings at that time, by name; secrets and what looks like one are hidden. */
  readonly config: Readonly<Record<string, string>>;
}

/** Fields of `pulumi stack history --json` (pulumi/pulumi, pkg/cmd/pulumi/stack/stack_history.go: updateInfoJSON). */
const update = z.object({
  kind: z.string(),
  result: z.string(),
  startTime: z.string(),
  endTime: z.string().optional(),
  message: z.string().default(""),
  environment: z.record(z.string(), z.string()).default({}),
  resourceChanges: z.record(z.string(), z.number()).default({}),
  config: z
    .record(z.string(), z.object({ value: z.string().optional(), secret: z.boolean().default(false) }))
    .default({}),
});

/**
 * The newest operations on a stack, the newest first.
 *
 * @throws UserError when the backend can't be read, or writes something else than expected.
 */
export async function historyOf(stack: string, limit: number): Promise<HistoryEntry[]> {
  const args = ["stack", "history", "--stack", stack, "--json", "--full-dates", "--page-size", `${limit}`];
  const result = await pulumi(args);
  if (result.exitCode !== 0)
    throw new UserError(`the history of "${stack}" could not be read: ${maskText(explain(result))}`);
  return parseHistory(result.stdout);
}

/** @param text what `pulumi stack history --json` prints */
export function parseHistory(text: string): HistoryEntry[] {
  try {
    return z
      .array(update)
      .parse(JSON.parse(text || "[]"))
      .map(entryOf);
  } catch (error) {
    throw new UserError(`the engine's history can't be understood: ${(error as Error).message}`);
  }
}

function entryOf(raw: z.infer<typeof update>): HistoryEntry {
  const { environment } = raw;
  const { summary, by, source } = parseMessage(maskText(raw.message));
  const id = environment["git.head"];
  return {
    kind: raw.kind,
    result: raw.result,
    startedAt: raw.startTime,
    endedAt: raw.endTime ?? null,
    summary,
    by,
    source,
    commit: id
      ? { id, branch: environment["git.headName"] ?? null, dirty: environment["git.dirty"] === "true" }
      : null,
    job: environment["ci.build.url"] ?? null,
    changes: sorted(raw.resourceChanges),
    config: sorted(
      Object.fromEntries(
        Object.entries(raw.config).map(([name, { value, secret }]) => [
          name,
          secret || value === undefined ? hidden : maskField(name, value),
        ]),
      ),
    ),
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
