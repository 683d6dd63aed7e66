import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { EngineInput, EngineReview, EngineStep } from "../../components/review/engine/types.ts";
import { readState } from "./record-engine-runs/states.ts";

/** Where the recordings of the real engine lie; record-engine-runs/README.md tells how they were made. */
export const engineRuns = join(import.meta.dirname, "../fixtures/engine-runs");

/** Names of all recordings, sorted. */
export const recordedRuns: readonly string[] = [
  ...new Set(
    readdirSync(engineRuns)
      .filter((file) => file.includes(".ndjson"))
      .map((file) => file.slice(0, file.indexOf("."))),
  ),
].sort();

/** A recording as a preview would give it: the lines as the engine wrote them, and the state that it began with. */
export function recordedRun(name: string): EngineInput & { readonly events: readonly string[] } {
  const read = (file: string) =>
    readdirSync(engineRuns).includes(file)
      ? readFileSync(join(engineRuns, file), "utf8")
      : gunzipSync(readFileSync(join(engineRuns, `${file}.gz`))).toString();
  return {
    events: read(`${name}.ndjson`).trimEnd().split("\n"),
    state: JSON.parse(readState(engineRuns, name)),
  };
}

/** What happens to each resource and why, a line each: `replace net delete-first: property frail`. */
export function stepLines({ steps }: EngineReview): string[] {
  return steps.map(stepLine);
}

function stepLine(step: EngineStep): string {
  const marks = [
    step.protected && "protected",
    step.failed && "failed",
    step.retained && "retained",
    step.holdsData && "data",
  ].filter((mark) => mark !== false);
  const head = [step.kind, [...step.component, step.name].join("/"), step.order ?? [], marks]
    .flat()
    .join(" ");
  const causes = step.causes.map(({ kind, from, properties }) =>
    [kind, from === null ? [] : ["of", from.split("::").at(-1)], properties].flat().join(" "),
  );
  return causes.length === 0 ? head : `${head}: ${causes.join("; ")}`;
}
