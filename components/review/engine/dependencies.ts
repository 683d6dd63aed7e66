import { isObject, text, texts, type Values } from "./events.ts";

/** Who a resource hangs on, as the state that the run begins with has it; the engine decides by the same. */
export interface Ties {
  readonly parent: string;
  /** URN of its provider; empty for components. */
  readonly provider: string;
  /** URNs that each property was made from. */
  readonly properties: ReadonlyMap<string, readonly string[]>;
  readonly deletedWith: string;
  readonly replaceWith: readonly string[];
  /** An earlier run has deleted it and ended before it made the new one. */
  readonly pendingReplacement: boolean;
}

/** Ties by URN. Copies that only wait for their deletion are left out: nobody hangs on those. */
export type TiesByUrn = ReadonlyMap<string, Ties>;

/**
 * Reads a state export.
 *
 * @param renamed URN now by URN before, for resources that an alias renames in this run; the state knows only the latter
 */
export function readTies(state: unknown, renamed: ReadonlyMap<string, string>): TiesByUrn {
  const deployment = isObject(state) && isObject(state.deployment) ? state.deployment : {};
  const resources = Array.isArray(deployment.resources) ? deployment.resources.filter(isObject) : [];
  const now = (urn: string) => renamed.get(urn) ?? urn;
  return new Map(
    resources
      .filter((resource) => resource.delete !== true)
      .map((resource) => [now(text(resource.urn)), readResource(resource, now)]),
  );
}

function readResource(resource: Values, now: (urn: string) => string): Ties {
  const properties = isObject(resource.propertyDependencies) ? resource.propertyDependencies : {};
  return {
    parent: now(text(resource.parent)),
    provider: now(providerUrn(text(resource.provider))),
    properties: new Map(Object.entries(properties).map(([name, urns]) => [name, texts(urns).map(now)])),
    deletedWith: now(text(resource.deletedWith)),
    replaceWith: texts(resource.replaceWith).map(now),
    pendingReplacement: resource.pendingReplacement === true,
  };
}

/** URN of a provider from a reference to it, which has its id at the end. */
export function providerUrn(reference: string): string {
  return reference.slice(0, Math.max(0, reference.lastIndexOf("::")));
}
