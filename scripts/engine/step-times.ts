import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { clock, measure } from "../timings/spans.ts";

/** Milliseconds of a step that is worth a line. */
const least = 20;

/** How long the engine's steps took, by when their events came: its own clock has whole seconds alone. */
export class StepTimes {
  readonly #began = new Map<string, number>();
  #first: number | null = clock();

  see({ preludeEvent, resourcePreEvent: before, resOutputsEvent: after }: EngineEvent): void {
    if (this.#first !== null && (preludeEvent ?? before) !== undefined) {
      measure("the engine starts", this.#first);
      this.#first = null;
    }
    if (before !== undefined) this.#began.set(keyOf(before.metadata), clock());
    if (after === undefined) return;
    const began = this.#began.get(keyOf(after.metadata));
    const isLong = began !== undefined && clock() - began >= least;
    if (isLong) measure(`${after.metadata.op} ${after.metadata.urn.split("::").at(-1)}`, began);
  }
}

const keyOf = ({ op, urn }: { op: string; urn: string }) => `${op} ${urn}`;
