/* Plain reading of what controllers answer: they leave out what the schema asks for, so nothing is taken for granted. */

export type Json = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Without the spaces that firmware pads with. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

export const textsOf = (value: unknown): readonly string[] =>
  listOf(value).filter((one): one is string => typeof one === "string");

/** What lies at the end of names, one in the other. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((inner, name) => objectOf(inner)[name], value);
}

/** Path of a link, `{ "@odata.id": … }`; null for none. */
export function linkOf(value: unknown): string | null {
  const path = objectOf(value)["@odata.id"];
  return typeof path === "string" && path !== "" ? path : null;
}

export const linksOf = (value: unknown): readonly string[] =>
  listOf(value).flatMap((one) => linkOf(one) ?? []);
