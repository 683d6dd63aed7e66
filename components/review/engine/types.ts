/** What a preview gives to tell by. */
export interface EngineInput {
  /**
   * What `pulumi preview --json` writes with `PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true`: events, or the lines as they came.
   * A line that begins like an event and isn't one makes the result `incomplete`.
   */
  readonly events: Iterable<unknown>;
  /**
   * What `pulumi stack export` wrote before that preview; null for a stack that isn't made yet. Events don't say who
   * depends on whom, and the state is the very thing by which the engine decides who goes with whom.
   */
  readonly state: unknown;
}

/** What the real engine would do, from its own events. */
export interface EngineReview {
  /** `incomplete`: the engine died or its output ends in the middle. */
  readonly result: "succeeded" | "failed" | "canceled" | "incomplete";
  /** Counted from the steps and not from the engine's summary, which leaves out what it refused. A replacement counts once. */
  readonly counts: Readonly<Record<StepKind, number>>;
  /** All but those that stay the same, by URN. */
  readonly steps: readonly EngineStep[];
  /** Warnings and errors; masked. */
  readonly diagnostics: readonly Diagnostic[];
  /** Violations that policy packs reported. */
  readonly policies: readonly PolicyViolation[];
  /** What runs but isn't as the state says; null when it wasn't looked for. */
  readonly drift: readonly DriftedResource[] | null;
}

export type StepKind = "create" | "update" | "replace" | "delete" | "read" | "import" | "discard" | "other";

export interface EngineStep {
  readonly urn: string;
  /** Last part of the URN. */
  readonly name: string;
  /** Type token, e.g. `docker:index/container:Container`. */
  readonly type: string;
  /** Names of the components that it is in, from the outermost; empty for what hangs on the stack itself. */
  readonly component: readonly string[];
  readonly kind: StepKind;
  /** For replacements: `delete-first` leaves a gap in service, `create-first` none. Null for the rest. */
  readonly order: "create-first" | "delete-first" | null;
  /** Why; for replacements and deletions never empty, what is the resource's own first. */
  readonly causes: readonly Cause[];
  /** Properties that change, by path; masked. */
  readonly properties: readonly PropertyChange[];
  /** The engine refuses to delete or replace it, as long as its option `protect` stands. */
  readonly protected: boolean;
  /** What is lost with it can't be made again: volumes, buckets, databases, snapshots, keys. */
  readonly holdsData: boolean;
  /** The resource goes on existing after its end in the state. */
  readonly retained: boolean;
  /** Ports that everybody may reach because of it, and could not before; sorted. */
  readonly opens: readonly OpenPorts[];
  /** Whether the engine reported that this step failed or may not be. */
  readonly failed: boolean;
}

/** A range of ports, both ends included. */
export interface OpenPorts {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
}

/**
 * - `property`: a property of its own that can't be changed in place.
 * - `cascade`: a property of it is made from another resource that is replaced or changed; `from` is the root of that, not
 *   merely the next.
 * - `requested`: a person asked for it (`--replace`, `pulumi state taint`, `pulumi destroy`).
 * - `trigger`: its `replacementTrigger` has another value; the engine doesn't tell which.
 * - `replace-with`: an option of the program ties it to another, which is replaced because of `from`.
 * - `deleted-with`: it goes with another, which goes because of `from`.
 * - `provider`: its provider is another, or is replaced itself because of `from`.
 * - `init-error`: it was made but never became well.
 * - `identity`: the program means another real thing by it: one that is imported, or that was or is only read.
 * - `interrupted`: an earlier run ended in the middle of its replacement.
 * - `gone`: the program doesn't have it any more.
 * - `unknown`: the engine gave nothing to tell by; counts as a defect of ours over the recorded corpus.
 */
export interface Cause {
  readonly kind:
    | "property"
    | "cascade"
    | "requested"
    | "trigger"
    | "replace-with"
    | "deleted-with"
    | "provider"
    | "init-error"
    | "identity"
    | "interrupted"
    | "gone"
    | "unknown";
  /** URN of the root; null where it is the resource itself or a person, or where the state that could tell isn't given. */
  readonly from: string | null;
  /** Property paths: of the root where there is one, else of this resource; sorted, without repetition. */
  readonly properties: readonly string[];
  /** For people, e.g. `network is replaced because its subnet changes`. */
  readonly text: string;
}

export interface PropertyChange {
  /** e.g. `networksAdvanced[0].name`. */
  readonly path: string;
  readonly kind: "add" | "update" | "delete";
  /** Whether it forces the replacement. */
  readonly replaces: boolean;
  readonly before: Shown;
  readonly after: Shown;
}

/** A value as it may be shown. `hidden`: a secret; `unknown`: the engine knows it only afterwards; `absent`: there is none. */
export type Shown =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "hidden" }
  | { readonly kind: "unknown" }
  | { readonly kind: "absent" };

export interface Diagnostic {
  readonly severity: "warning" | "error";
  readonly urn: string | null;
  readonly message: string;
}

export interface PolicyViolation {
  readonly urn: string | null;
  readonly policy: string;
  readonly pack: string;
  readonly level: "advisory" | "mandatory";
  readonly message: string;
}

export interface DriftedResource {
  readonly urn: string;
  readonly kind: "changed" | "gone";
  readonly properties: readonly PropertyChange[];
}
