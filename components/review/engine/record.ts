import { maskText } from "../masks.ts";
import { compare } from "./changes.ts";
import { type EventKind, readEvent, readStep, type Step, text, type Values } from "./events.ts";
import type { Diagnostic, EngineReview, PolicyViolation } from "./types.ts";

/** What a stream of events holds, before it is put together. */
export interface Recorded {
  readonly result: EngineReview["result"];
  /** In the engine's order; each once, with what came out of it. */
  readonly steps: readonly Step[];
  /** Resources that the engine looked up again, each with what it found; null when it looked at none. */
  readonly refreshed: readonly Step[] | null;
  /** URNs of resources that the engine reported a failure of. */
  readonly failed: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
  readonly policies: readonly PolicyViolation[];
}

/** Reads a stream to its end, wherever that is. */
export function readRecord(events: Iterable<unknown>): Recorded {
  const reader = new Reader();
  for (const item of events) {
    const event = readEvent(item);
    if (event === "garbled") reader.garbled = true;
    else if (event !== null) reader.read(event.kind, event.body);
  }
  return reader.record();
}

class Reader {
  garbled = false;
  readonly #steps: Step[] = [];
  /** Where the last step of an operation on a resource stands in the list. */
  readonly #places = new Map<string, number>();
  /** What was found of each resource that is looked up, null until that is told. */
  readonly #refreshed = new Map<string, Step | null>();
  readonly #failed = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #policies: PolicyViolation[] = [];
  #summary: Values | null = null;

  read(kind: EventKind, body: Values): void {
    if (kind === "resourcePreEvent") this.#begin(body);
    else if (kind === "resOutputsEvent") this.#end(body);
    else if (kind === "resOpFailedEvent") this.#fail(body);
    else if (kind === "diagnosticEvent") this.#diagnose(body);
    else if (kind === "policyEvent") this.#violate(body);
    else this.#summary = body;
  }

  record(): Recorded {
    return {
      result: this.#result(),
      steps: this.#steps,
      refreshed:
        this.#refreshed.size === 0 ? null : [...this.#refreshed.values()].filter((step) => step !== null),
      failed: this.#failed,
      // Sorting keeps the order of what one resource says; between resources it differs from run to run.
      diagnostics: this.#diagnostics.sort((a, b) => compare(a.urn ?? "", b.urn ?? "")),
      policies: this.#policies.sort(
        (a, b) =>
          compare(a.urn ?? "", b.urn ?? "") ||
          compare(a.pack, b.pack) ||
          compare(a.policy, b.policy) ||
          compare(a.message, b.message),
      ),
    };
  }

  #begin(body: Values): void {
    const step = readStep(body);
    if (step === null) return;
    if (step.op === "refresh") {
      this.#refreshed.set(step.urn, null);
      return;
    }
    this.#places.set(placeOf(step), this.#steps.length);
    this.#steps.push(step);
  }

  /** The same step again, now with what comes out of it. */
  #end(body: Values): void {
    const step = readStep(body);
    if (step === null) return;
    const place = this.#places.get(placeOf(step));
    const begun = place === undefined ? undefined : this.#steps[place];
    if (begun !== undefined && place !== undefined) {
      this.#steps[place] = { ...begun, new: step.new ?? begun.new };
    } else if (this.#refreshed.has(step.urn)) {
      // A refresh on its own tells of what it found as an update or deletion that never began.
      this.#refreshed.set(step.urn, step);
    } else if (step.op !== "same") this.#begin(body);
  }

  #fail(body: Values): void {
    const step = readStep(body);
    if (step === null) return;
    this.#failed.add(step.urn);
    if (!this.#places.has(placeOf(step))) this.#begin(body);
  }

  #diagnose(body: Values): void {
    const severity = body.severity === "error" || body.severity === "warning" ? body.severity : null;
    const message = maskText(text(body.message).trimEnd());
    if (severity === null || message === "") return;
    const urn = text(body.urn) || null;
    if (severity === "error" && urn !== null) this.#failed.add(urn);
    this.#diagnostics.push({ severity, urn, message });
  }

  #violate(body: Values): void {
    this.#policies.push({
      urn: text(body.resourceUrn) || null,
      policy: text(body.policyName),
      pack: text(body.policyPackName),
      level: body.enforcementLevel === "mandatory" ? "mandatory" : "advisory",
      message: maskText(text(body.message).trimEnd()),
    });
  }

  #result(): EngineReview["result"] {
    if (this.garbled || this.#summary === null) return "incomplete";
    const { result } = this.#summary;
    if (result === "succeeded" || result === "failed" || result === "canceled") return result;
    // Engines before this field tell of a failure by a diagnostic alone.
    return this.#diagnostics.some(({ severity }) => severity === "error") ? "failed" : "succeeded";
  }
}

const placeOf = ({ op, urn }: Step): string => `${op} ${urn}`;
