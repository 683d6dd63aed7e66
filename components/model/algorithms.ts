import { z } from "zod";

/*
 * The algorithms by which a pool's requests are shared: the one place that lists them. The stack's shape, the rules, roll-outs,
 * reviews and the document that balancers read have them from here; the balancer's own code is tested against it.
 */

/** Largest weight of a member, and so the finest scale for a part of the requests. */
export const largestWeight = 1000;

interface About {
  /** What it does, in a few words. */
  readonly description: string;
  /** Whether members' weights count. Where they don't, a share can only be given by the number of members. */
  readonly weights: boolean;
  /** What gives a request its home, the member that it always goes to: the client's address, or the algorithm's own `key`; null where none has one. */
  readonly home: "client-address" | "key" | null;
}

/** An algorithm with what can be set of it. */
function algorithm<const Kind extends string, Options extends z.ZodRawShape>(
  kind: Kind,
  about: About,
  options: Options,
) {
  const shape = { kind: z.literal(kind), ...options };
  return { kind, ...about, schema: z.strictObject(shape).describe(about.description) };
}

const key = z
  .union([
    z.enum(["uri", "client-address"]),
    z.templateLiteral(["header:", z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/)]),
    z.templateLiteral(["cookie:", z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/)]),
  ])
  .describe("What is hashed: `uri`, `client-address`, `header:<Name>` or `cookie:<name>`.");

const table = [
  algorithm(
    "weighted-round-robin",
    { description: "In turn, by weight, smoothly interleaved.", weights: true, home: null },
    {},
  ),
  algorithm("round-robin", { description: "In turn, weights ignored.", weights: false, home: null }, {}),
  algorithm(
    "least-connections",
    { description: "The node with the fewest open requests per weight.", weights: true, home: null },
    {},
  ),
  algorithm(
    "two-choices",
    { description: "The less busy of two nodes drawn at random.", weights: true, home: null },
    {},
  ),
  algorithm(
    "ip-hash",
    { description: "One node per client address.", weights: false, home: "client-address" },
    {},
  ),
  algorithm(
    "consistent-hash",
    {
      description: "One node per key; when a node goes, only its keys move.",
      weights: true,
      home: "key",
    },
    { key },
  ),
] as const;

type SchemasOf<Table extends readonly { readonly schema: unknown }[]> = {
  [Index in keyof Table]: Table[Index]["schema"];
};

/** An algorithm as a stack and the balancers' document have it. */
export const algorithmSchema = z.discriminatedUnion(
  "kind",
  table.map(({ schema }) => schema) as unknown as SchemasOf<typeof table>,
);

export type AlgorithmSpec = z.output<typeof algorithmSchema>;
export type AlgorithmKind = AlgorithmSpec["kind"];

/** Every kind, in the table's order. */
export const algorithmKinds: readonly AlgorithmKind[] = table.map(({ kind }) => kind);

const byKind = new Map<AlgorithmKind, About>(table.map((about) => [about.kind, about]));

function about(kind: AlgorithmKind): About {
  const found = byKind.get(kind);
  if (found === undefined) throw new Error(`there is no algorithm "${kind}"`);
  return found;
}

/** Whether members' weights count. */
export function countsWeights({ kind }: { readonly kind: AlgorithmKind }): boolean {
  return about(kind).weights;
}

/** What a request's home is worked out from, e.g. `uri`; null where no request has one. */
export function hashedBy(algorithm: AlgorithmSpec): string | null {
  const { home } = about(algorithm.kind);
  return "key" in algorithm ? algorithm.key : home;
}
