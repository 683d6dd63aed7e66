/*
 * The engine's events as its own source writes them (pulumi/pulumi, sdk/go/common/apitype/events.go), not as the SDK's types
 * say, which lag behind. What isn't needed here isn't read, and what is unknown is passed over: a newer engine may say more.
 */

export type Values = Readonly<Record<string, unknown>>;

/** A resource on one side of a step. */
export interface ResourceState {
  readonly urn: string;
  readonly id: string;
  readonly parent: string;
  /** `<URN of the provider>::<its id>`; empty for components. */
  readonly provider: string;
  readonly inputs: Values;
  readonly outputs: Values;
  readonly protect: boolean;
  readonly taint: boolean;
  /** It waits for its deletion since another has been made in its place. */
  readonly condemned: boolean;
  /** It is only read. */
  readonly external: boolean;
  readonly retainOnDelete: boolean;
  /** It never became well after it was made. */
  readonly unhealthy: boolean;
  /** Paths whose values the program doesn't want to be shown. */
  readonly hiddenPaths: readonly string[];
}

/** What the engine does with a resource, or one part of it: a replacement consists of several. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old: ResourceState | null;
  readonly new: ResourceState | null;
  /** What forces the replacement: properties, or one of the engine's own words for other reasons. */
  readonly keys: readonly string[];
  /** Properties that change; null where the engine didn't compare. */
  readonly diffs: readonly string[] | null;
  /** Kind of each change by path; null where the engine didn't compare. */
  readonly detail: ReadonlyMap<string, PathChange> | null;
}

export interface PathChange {
  /** e.g. `update` or `update-replace`. */
  readonly kind: string;
  /** Whether the path is one of the inputs, else of the outputs before. */
  readonly input: boolean;
}

export type EventKind = (typeof eventKinds)[number];

/** Those that a review reads; the order has no meaning. */
const eventKinds = [
  "resourcePreEvent",
  "resOutputsEvent",
  "resOpFailedEvent",
  "diagnosticEvent",
  "policyEvent",
  "summaryEvent",
] as const;

export interface ReadEvent {
  readonly kind: EventKind;
  readonly body: Values;
}

/** An event, null for what is none of a review's business, or `garbled` for what began as an event and is none. */
export function readEvent(item: unknown): ReadEvent | "garbled" | null {
  const event = typeof item === "string" ? parseLine(item) : item;
  if (event === "garbled" || event === null) return event;
  if (!isObject(event)) return null;
  for (const kind of eventKinds) {
    const body = event[kind];
    if (isObject(body)) return { kind, body };
  }
  return null;
}

/** A line that isn't an event at all is a provider's stray print. */
function parseLine(line: string): unknown {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return "garbled";
  }
}

/** The step that an event about a resource tells of; null when it doesn't say of which. */
export function readStep(body: Values): Step | null {
  const { metadata } = body;
  if (!isObject(metadata) || typeof metadata.urn !== "string") return null;
  return {
    op: text(metadata.op),
    urn: metadata.urn,
    type: text(metadata.type),
    old: readState(metadata.old),
    new: readState(metadata.new),
    keys: texts(metadata.keys),
    diffs: Array.isArray(metadata.diffs) ? texts(metadata.diffs) : null,
    detail: readDetail(metadata.detailedDiff),
  };
}

function readState(value: unknown): ResourceState | null {
  if (!isObject(value)) return null;
  return {
    urn: text(value.urn),
    id: text(value.id),
    parent: text(value.parent),
    provider: text(value.provider),
    inputs: isObject(value.inputs) ? value.inputs : {},
    outputs: isObject(value.outputs) ? value.outputs : {},
    protect: value.protect === true,
    taint: value.taint === true,
    condemned: value.delete === true,
    external: value.external === true,
    retainOnDelete: value.retainOnDelete === true,
    unhealthy: Array.isArray(value.initErrors) && value.initErrors.length > 0,
    hiddenPaths: Array.isArray(value.hideDiffs) ? value.hideDiffs.filter(Array.isArray).map(joined) : [],
  };
}

function readDetail(value: unknown): ReadonlyMap<string, PathChange> | null {
  if (!isObject(value)) return null;
  return new Map(
    Object.entries(value).flatMap(([path, change]) =>
      isObject(change) ? [[path, { kind: text(change.diffKind), input: change.inputDiff === true }]] : [],
    ),
  );
}

function joined(path: readonly unknown[]): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : `${at > 0 ? "." : ""}${part}`))
    .join("");
}

export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const text = (value: unknown): string => (typeof value === "string" ? value : "");

export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];
