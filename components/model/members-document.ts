import { z } from "zod";
import { algorithmSchema, largestWeight } from "./algorithms.ts";
import { parseAddress } from "./ip.ts";

/*
 * members.json, by which balancers know who serves: its shape and bounds, in one place. The renderer and whoever follows groups
 * write it, a roll-out changes it, and each balancer checks what it gets (infra/runtime/balancer/lua/hotspare/document.lua), which
 * a test holds against this.
 */

/** Version of the document. */
export const membersSchema = 1;

/** Longest text of each kind, in characters; they are ASCII. */
export const longestText = 253;

const text = (pattern: RegExp) => z.string().max(longestText).regex(pattern);

/** Networks in which no other machine can be (RFC 6890): this host, loopback, link-local, multicast and what is reserved. */
function isNowhere(address: string): boolean {
  const number = parseAddress(address) ?? 0;
  const first = Math.floor(number / 2 ** 24);
  return first === 0 || first === 127 || first >= 224 || Math.floor(number / 2 ** 16) === 0xa9fe;
}

const member = z.strictObject({
  /** Unique in its pool. */
  key: text(/^[a-z0-9][a-z0-9-]*$/),
  /** Of another machine: whoever has a document of members leads all traffic, and a balancer must not be led to itself. */
  address: z.ipv4().refine((address) => !isNowhere(address), "is no address of another machine (RFC 6890)"),
  port: z.int().min(1).max(65_535),
  weight: z.int().min(1).max(largestWeight),
  role: z.enum(["active", "hot", "cold"]),
});

const health = z.strictObject({
  path: text(/^\/[!-~]*$/),
  intervalMs: z.int().min(20).max(3_600_000),
  timeoutMs: z.int().min(10).max(3_600_000),
  fall: z.int().min(1).max(100),
  rise: z.int().min(1).max(100),
  /** Left out: the member's address. */
  host: text(/^[A-Za-z0-9.:-]+$/).optional(),
  headers: z.record(text(/^[A-Za-z][A-Za-z0-9-]*$/), text(/^[ -~]*$/)).optional(),
  /** Left out: http. */
  protocol: z.enum(["http", "grpc", "tcp", "udp", "dns", "mysql", "postgres"]).optional(),
  /** Left out: the server as a whole. */
  service: text(/^[A-Za-z0-9._/-]*$/).optional(),
  /** Left out: in clear. */
  tls: z.strictObject({ name: text(/^[A-Za-z0-9.-]+$/).optional(), verify: z.boolean() }).optional(),
});

const members = z.array(member).superRefine((list, context) => {
  const keys = list.map(({ key }) => key);
  for (const [index, key] of keys.entries()) {
    if (keys.indexOf(key) !== index)
      context.addIssue({ code: "custom", path: [index, "key"], message: `${key} is in this pool already` });
  }
  // Nobody at all is known of a pool whose nodes are still to come; but cold standbys alone are a mistake.
  if (list.length > 0 && list.every(({ role }) => role === "cold"))
    context.addIssue({ code: "custom", message: "has cold members only: nobody could answer" });
});

/** How sessions stay at a member; left out where they don't. */
const sticky = z.strictObject({
  cookie: text(/^[A-Za-z][A-Za-z0-9_-]*$/),
  /** 0: until the browser is closed. */
  seconds: z.int().min(0).max(31_536_000),
  secure: z.enum(["auto", "always", "never"]),
  httpOnly: z.boolean(),
  sameSite: z.enum(["Strict", "Lax", "None"]),
  /** By which members' addresses are hashed: the same for every balancer of the cluster. */
  salt: text(/^[0-9A-Fa-f]+$/),
});

const pool = z.strictObject({ algorithm: algorithmSchema, health, sticky: sticky.optional(), members });

/** What a balancer of layer 4 forwards to which pool, as IPVS knows it. */
const service = z.strictObject({
  protocol: z.enum(["tcp", "udp"]),
  port: z.int().min(1).max(65_535),
  pool: text(/^[a-z][a-z0-9-]*$/),
  scheduler: z.enum(["rr", "wrr", "lc", "wlc", "sh", "mh", "sed", "nq", "lblc"]),
  flags: z.array(z.enum(["mh-port", "mh-fallback", "sh-port", "sh-fallback"])),
  /** Seconds; left out: none. */
  persistence: z.int().min(1).max(86_400).optional(),
});

export const membersDocument = z.strictObject({
  schema: z.literal(membersSchema),
  /** Hexadecimal hash of the rest. */
  revision: text(/^[0-9A-Fa-f]+$/),
  pools: z.record(text(/^[a-z][a-z0-9-]*$/), pool),
  /** Left out by a balancer that reads requests. */
  services: z.array(service).optional(),
});

export type MembersDocument = z.output<typeof membersDocument>;
export type MembersPool = MembersDocument["pools"][string];
export type MembersService = z.output<typeof service>;
export type Member = MembersPool["members"][number];

/** @throws SyntaxError for what is no JSON, ZodError for what is no document. */
export const parseMembers = (json: string): MembersDocument => membersDocument.parse(JSON.parse(json));
