import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { projectRoot } from "../../../infra/context.ts";
import { scrub } from "./scrub.ts";
import { writeState } from "./states.ts";

/** Where the recordings lie. */
export const fixtureFolder = join(projectRoot, "test/fixtures/engine-runs");

/** Writes a recording: the events as the engine wrote them, and the state that it began with; both without what is of the machine. */
export async function writeFixture(
  name: string,
  events: string,
  state: unknown,
  cut?: number,
): Promise<void> {
  await mkdir(fixtureFolder, { recursive: true });
  const text = cutInEvent(scrub(withoutDebug(events)), cut);
  await write(`${name}.ndjson`, `${text}\n`);
  await writeState(fixtureFolder, name, `${scrub(JSON.stringify(reduced(state), null, 1))}\n`);
}

/** Our own stacks say much, and always the same: packed they are a fiftieth. */
async function write(file: string, text: string): Promise<void> {
  const packed = text.length > 100_000;
  await rm(join(fixtureFolder, packed ? file : `${file}.gz`), { force: true });
  await writeFile(
    join(fixtureFolder, packed ? `${file}.gz` : file),
    packed ? gzipSync(text, { level: 9 }) : text,
  );
}

function cutInEvent(events: string, cut: number | undefined): string {
  if (cut === undefined) return events;
  const lines = events.split("\n");
  return [...lines.slice(0, cut), lines[cut]?.slice(0, 60)].join("\n");
}

/** Debug lines are most of what an engine says, and nobody reads them; where it finds its plugins is of the machine. */
function withoutDebug(events: string): string {
  return events
    .trimEnd()
    .split("\n")
    .filter(
      (line) => !/"severity":"debug"[^"]*$/.test(line) && !/using pulumi-(resource|language)-/.test(line),
    )
    .join("\n");
}

/** Of a state only what tells who depends on whom; values and secrets of it are of no use to a review. */
const kept = [
  "urn",
  "type",
  "custom",
  "parent",
  "provider",
  "dependencies",
  "propertyDependencies",
  "deletedWith",
  "replaceWith",
  "delete",
  "pendingReplacement",
  "protect",
  "external",
  "taint",
] as const;

function reduced(state: unknown): unknown {
  const resources =
    (state as { deployment?: { resources?: Record<string, unknown>[] } }).deployment?.resources ?? [];
  const reduce = (resource: Record<string, unknown>) =>
    Object.fromEntries(kept.filter((key) => key in resource).map((key) => [key, resource[key]]));
  return { version: 3, deployment: { resources: resources.map(reduce) } };
}
