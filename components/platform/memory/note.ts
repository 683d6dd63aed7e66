import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../contract.ts";

/** A note of one thing in the state, with the labels that it would bear. */
export function note(name: string, place: Place, thing: Record<string, unknown>): pulumi.Stash {
  return new pulumi.Stash(name, { input: { ...thing, labels: place.labels } }, place.options);
}
