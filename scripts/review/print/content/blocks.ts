/*
 * What a report shows, apart from how: Markdown and HTML are made of the same blocks, so they can't tell different things.
 */

/** A piece of a line. Plain strings are words, `code` is a name or value as it stands in the stack, `strong` stands out. */
export type Span = string | { readonly code: string } | { readonly strong: string };
export type Text = readonly Span[];

export type Block =
  | { readonly kind: "paragraph"; readonly text: Text }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  | { readonly kind: "table"; readonly head: readonly Text[]; readonly rows: readonly (readonly Text[])[] }
  /** Lines that begin with ` `, `+`, `-` or `@@`. */
  | { readonly kind: "diff"; readonly title: Text; readonly lines: readonly string[] }
  | { readonly kind: "verbatim"; readonly lines: readonly string[] }
  /** `source`: a Mermaid flowchart. */
  | { readonly kind: "picture"; readonly title: Text; readonly source: string };

export interface Section {
  readonly title: string;
  /** Folded in the comment; the HTML file shows all. */
  readonly folded: boolean;
  readonly blocks: readonly Block[];
}

/** A resource or machine that is lost, replaced or protected. Every report names all of them. */
export interface Endangered {
  /** What happens to it; those of one fate stand together. */
  readonly fate: Fate;
  /** Names of the components that it is in, from the outermost. */
  readonly component: readonly string[];
  /** Type in short, e.g. `docker:Container`; of machines their role. */
  readonly type: string;
  readonly name: string;
  /** In words; empty when nobody knows. */
  readonly why: string;
}

/** In the order in which they are told. */
export const fates = [
  "protected-delete",
  "protected-replace",
  "data-delete",
  "data-replace",
  "delete",
  "replace-delete-first",
  "replace",
  "replace-create-first",
  "machine-removed",
  "machine-replaced-delete-first",
  "machine-replaced-create-first",
  "protected",
] as const;
export type Fate = (typeof fates)[number];

export interface Report {
  readonly stack: string;
  readonly heading: string;
  /** Whether the change replaces machines, the new ones first, and endangers nothing else. */
  readonly release: boolean;
  /** Counts, and what is compared with what. */
  readonly summary: readonly Text[];
  /** What could not be looked at, and what must be settled before this may go on. */
  readonly alarms: readonly Text[];
  readonly endangered: readonly Endangered[];
  /** The most important first. */
  readonly sections: readonly Section[];
}

/** For identifiers of components and resources: `dev › web`. */
export function pathText(component: readonly string[]): string {
  return component.join(" › ");
}
