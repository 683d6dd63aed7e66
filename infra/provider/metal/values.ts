import structs from "google-protobuf/google/protobuf/struct_pb.js";

/*
 * Values as Pulumi's engine and its providers exchange them: plain data, in which secrets are wrapped and what isn't known yet is a
 * sentinel (pulumi/pulumi, sdk/go/common/resource/properties.go).
 */

export type Bag = Record<string, unknown>;

/** A text that isn't known yet, in a preview. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";
const secretKind = "1b47061264138c4ac30d75fd1eb44270";

/** Of what the protocol carries; nothing for a field that wasn't set. */
export function fromStruct(struct: structs.Struct | undefined): Bag {
  return (struct?.toJavaScript() ?? {}) as Bag;
}

export function toStruct(bag: Bag): structs.Struct {
  // By way of JSON: it has no place for `undefined`.
  return structs.Struct.fromJavaScript(JSON.parse(JSON.stringify(bag)));
}

/** The same without the wrapping of secrets: for whoever does the work, never for an answer. */
export function plain<T = Bag>(value: unknown): T {
  return unwrapped(value) as T;
}

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const bag = value as Bag;
  if (bag[signature] === secretKind) return unwrapped(bag.value);
  return Object.fromEntries(Object.entries(bag).map(([name, inner]) => [name, unwrapped(inner)]));
}

export function hasUnknown(value: unknown): boolean {
  return JSON.stringify(value ?? null).includes(unknown);
}

/** Whether two values are the same, whatever the order of their names. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** A text that is the same for values that are. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
