import { algorithmKinds } from "../../components/model/algorithms.ts";

/*
 * Documents of members that are to be accepted or refused: by the model's schema and by the balancer's own code alike. Made of the
 * places that can be wrong, with values inside and beyond each bound.
 */

export interface MembersCase {
  readonly name: string;
  readonly document: unknown;
  readonly accepted: boolean;
}

const member = { key: "web-1", address: "10.77.2.32", port: 8080, weight: 3, role: "active" };
const cold = { ...member, key: "web-cold-1", address: "10.77.2.58", role: "cold" };
const health = { path: "/readyz", intervalMs: 200, timeoutMs: 150, fall: 2, rise: 2 };
const pool = { algorithm: { kind: "weighted-round-robin" }, health, members: [member] };
const document = { schema: 1, revision: "0af3", pools: { web: pool } };

const withPool = (fields: object) => ({ ...document, pools: { web: { ...pool, ...fields } } });
const sticky = {
  cookie: "hotspare-web",
  seconds: 0,
  secure: "auto",
  httpOnly: true,
  sameSite: "Lax",
  salt: "0af3",
};
const places = {
  document: (fields: object) => ({ ...document, ...fields }),
  pool: withPool,
  health: (fields: object) => withPool({ health: { ...health, ...fields } }),
  sticky: (fields: object) => withPool({ sticky: { ...sticky, ...fields } }),
  member: (fields: object) => withPool({ members: [{ ...member, ...fields }] }),
  algorithm: (algorithm: unknown) => withPool({ algorithm }),
  "name of a pool": (name: unknown) => ({ ...document, pools: { [String(name)]: pool } }),
} as const;

const long = (begin: string, length: number) => begin + "a".repeat(length - begin.length);
const strange: readonly unknown[] = [null, true, "1", 1.5, -1, [1], { a: 1 }];

/** Values by place and field: inside the bounds, and beyond them. */
const fields: readonly (readonly [
  place: "document" | "pool" | "health" | "sticky" | "member",
  field: string,
  inside: readonly unknown[],
  beyond: readonly unknown[],
])[] = [
  ["document", "schema", [1], [0, 2, "1", null]],
  ["document", "revision", ["0", "aF09", long("a", 253)], ["", "xyz", "0a-", long("a", 254), 7, null]],
  ["document", "pools", [{}], [null, "web", 3, [1]]],
  ["document", "more", [], [1, null]],
  ["pool", "algorithm", [], strange],
  ["pool", "health", [], strange],
  [
    "pool",
    "members",
    [[], [member, cold]],
    [null, "web-1", 3, { a: 1 }, ["web-1"], [cold], [member, member]],
  ],
  ["pool", "sticky", [sticky], strange],
  ["pool", "more", [], [1]],
  [
    "health",
    "path",
    ["/", "/readyz?a=b", long("/", 253)],
    ["", "readyz", "/a b", "/a\n", "/é", long("/", 254), 1],
  ],
  ["health", "intervalMs", [20, 3_600_000], [19, 3_600_001, ...strange]],
  ["health", "timeoutMs", [10, 3_600_000], [9, 3_600_001, ...strange]],
  ["health", "fall", [1, 100], [0, 101, ...strange]],
  ["health", "rise", [1, 100], [0, 101, ...strange]],
  ["health", "host", ["shop.test", "shop.test:8080", "10.0.0.1"], ["", "a b", "a/b", "a\r\nb", 1, null]],
  ["health", "headers", [{}, { "X-A": "" }, { "X-A": "b c" }], ["x", 1, null, { "a b": "" }, { a: "\n" }]],
  ["health", "protocol", ["http", "grpc", "tcp", "udp", "dns", "mysql", "postgres"], ["https", "", 1, null]],
  ["health", "service", ["", "shop.Orders/v1"], ["a b", "é", 1, null]],
  [
    "health",
    "tls",
    [{ verify: false }, { verify: true, name: "a.b" }],
    [{}, { verify: 1 }, { verify: true, name: "" }, { verify: true, more: 1 }, ...strange],
  ],
  ["health", "more", [], [1]],
  [
    "sticky",
    "cookie",
    ["a", "A_b-9", long("a", 253)],
    ["", "9a", "-a", "a b", "a=b", "a;b", long("a", 254), 1, null],
  ],
  ["sticky", "seconds", [0, 31_536_000], [31_536_001, ...strange]],
  ["sticky", "secure", ["always", "never"], ["", "Auto", true, null]],
  ["sticky", "httpOnly", [false], ["true", 1, null]],
  ["sticky", "sameSite", ["Strict", "None"], ["strict", "", false, null]],
  ["sticky", "salt", ["aF09"], ["", "xyz", 7, null]],
  ["sticky", "more", [], [1]],
  [
    "member",
    "key",
    ["0", "web-1", "i-0af3", long("w", 253)],
    ["", "-1", "Web", "a b", long("w", 254), 1, null],
  ],
  [
    "member",
    "address",
    ["1.0.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "223.255.255.255"],
    [
      ...["0.0.0.0", "0.255.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254", "224.0.0.18"],
      ...["255.255.255.255", "240.0.0.1"],
      "10.0.0.256",
      "10.0.0",
      "10.0.0.1.2",
      "10.0.0.01",
      "web-1.local",
      "::1",
      "",
      1,
      null,
    ],
  ],
  ["member", "port", [1, 65_535], [0, 65_536, 80.5, "80", null]],
  ["member", "weight", [1, 1000], [0, 1001, 1.5, "1", null]],
  ["member", "role", ["active", "hot"], ["cold", "spare", "", 1, null]],
  ["member", "more", [], [1]],
];

const algorithms = {
  inside: [
    ...algorithmKinds.map((kind) => (kind === "consistent-hash" ? { kind, key: "uri" } : { kind })),
    { kind: "consistent-hash", key: "client-address" },
    { kind: "consistent-hash", key: "header:X-Tenant" },
    { kind: "consistent-hash", key: "cookie:session_id" },
  ],
  beyond: [
    { kind: "fastest" },
    { key: "uri" },
    { kind: "round-robin", key: "uri" },
    { kind: "round-robin", more: 1 },
    { kind: "consistent-hash" },
    ...["", "path", "header:", "cookie:", "header:1x", "header:a_b", "cookie:a b", "cookie:-a", 3, null].map(
      (key) => ({ kind: "consistent-hash", key }),
    ),
  ],
};

const names = { inside: ["w", "web-2", long("w", 253)], beyond: ["", "Web", "2web", "a_b", long("w", 254)] };

function cases(
  place: keyof typeof places,
  make: (value: unknown) => unknown,
  inside: readonly unknown[],
  beyond: readonly unknown[],
): MembersCase[] {
  const named = (value: unknown) => `${place}: ${JSON.stringify(value).slice(0, 60)}`;
  return [
    ...inside.map((value) => ({ name: named(value), document: make(value), accepted: true })),
    ...beyond.map((value) => ({ name: named(value), document: make(value), accepted: false })),
  ];
}

const optional = new Set(["sticky", "host", "headers", "protocol", "service", "tls"]);

const missing = ([place, field]: (typeof fields)[number]): MembersCase[] =>
  field === "more" || optional.has(field)
    ? []
    : [
        {
          name: `${place} without ${field}`,
          // JSON leaves out what is undefined.
          document: JSON.parse(JSON.stringify(places[place]({ [field]: undefined }))),
          accepted: false,
        },
      ];

export const membersCases: readonly MembersCase[] = [
  ...fields.flatMap(([place, field, inside, beyond]) =>
    cases(place, (value) => places[place]({ [field]: value }), inside, beyond).map((one) => ({
      ...one,
      name: one.name.replace(":", `.${field}:`),
    })),
  ),
  ...fields.flatMap(missing),
  ...cases("algorithm", places.algorithm, algorithms.inside, algorithms.beyond),
  ...cases("name of a pool", places["name of a pool"], names.inside, names.beyond),
  ...[null, 3, "a", [1], true].map((value) => ({
    name: `${JSON.stringify(value)} as a document`,
    document: value,
    accepted: false,
  })),
];
