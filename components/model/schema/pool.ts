import { z } from "zod";
import { algorithmSchema, largestWeight } from "../algorithms.ts";
import { duration, label, port, secretReference, size, urlPath } from "./common.ts";
import { containerOptions } from "./container.ts";

/** What a container is made of. */
export const image = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("sample") }).describe("The kit's own small API server."),
  z
    .strictObject({
      kind: z.literal("reference"),
      reference: z
        .string()
        .regex(/^[a-z0-9][A-Za-z0-9._/:@-]*$/)
        .max(255)
        .describe("E.g. `acme/api:1.4.2`, with a registry in front or without."),
    })
    .describe("An image that the Docker Engine has or can pull."),
  z
    .strictObject({
      kind: z.literal("build"),
      context: z.string().min(1).describe("Folder with a Dockerfile, relative to the project."),
      arguments: z
        .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(10_000))
        .default({})
        .describe("Build arguments (`ARG`). No secrets: they stand in the image's history."),
      target: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
        .max(100)
        .nullable()
        .default(null)
        .describe("Stage of the Dockerfile that becomes the image; `null` for the last one."),
    })
    .describe("An image built from a folder of yours, again whenever its files change."),
  z
    .strictObject({
      kind: z.literal("service"),
      packages: z
        .array(
          z
            .string()
            .regex(/^[a-z0-9][a-z0-9+.-]+$/)
            .max(100),
        )
        .max(50)
        .default([])
        .describe('Debian packages that it needs, e.g. `["python3"]`.'),
    })
    .describe(
      "No container: `command` runs as a unit of the machine itself, with the pool's `files`, by an account that owns nothing. On servers of your own alone.",
    ),
]);

const health = z.strictObject({
  path: urlPath.default("/readyz").describe("What is asked (GET) of each node; 2xx means that it can serve."),
  protocol: z
    .enum(["http", "grpc", "tcp", "udp", "dns", "mysql", "postgres"])
    .default("http")
    .describe(
      "`grpc`: gRPC's health protocol (grpc.health.v1) in place of a path; SERVING passes. `tcp`: a connection (and TLS, where the pool has it) is enough. Behind balancers that forward connections also `mysql` and `postgres` (the server's greeting; MySQL with `skip_name_resolve=ON`, or it blocks who only looks), `dns` (a zone's SOA, by UDP) and `udp` (any answer to a datagram).",
    ),
  service: z
    .string()
    .regex(/^[A-Za-z0-9._/-]*$/)
    .max(125)
    .default("")
    .describe(
      "Only `grpc`: the service that is asked about; empty for the server as a whole. Only `dns`: the zone; empty for the root.",
    ),
  host: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$/)
    .max(253)
    .nullable()
    .default(null)
    .describe(
      "Host of the checks, for applications that answer to some only; `null` for the node's address.",
    ),
  headers: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]*$/)
        .max(100)
        .refine((name) => !ownHeaders.test(name), { error: "the check sets this header itself" }),
      z
        .string()
        .regex(/^[ -~]*$/)
        .max(250),
    )
    .default({})
    .describe("Further headers of the checks. No secrets: they stand in the balancers' files."),
  interval: duration("50 ms", "60 s")
    .prefault("200 ms")
    .describe("Time between two checks of a node by one balancer."),
  timeout: duration("20 ms", "30 s").prefault("150 ms").describe("A check that takes longer has failed."),
  startup: duration("1 s", "1 h")
    .prefault("60 s")
    .describe(
      "How long a node may take from its start until it passes its checks. Longer, and a release is refused; until then the warden doesn't restart it.",
    ),
  fall: z.int().min(1).max(20).default(2).describe("Failed checks in a row that take a node out."),
  rise: z.int().min(1).max(20).default(2).describe("Passed checks in a row that bring a node back."),
});

/** What a check says by itself. */
const ownHeaders = /^(host|connection|user-agent|content-length|transfer-encoding|te|content-type)$/i;

const hostName = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/)
  .max(253);

const nodeTls = z
  .strictObject({
    name: hostName
      .nullable()
      .default(null)
      .describe("Which name the node is asked for (SNI) and its certificate must have; `null` for none."),
    authority: z
      .string()
      .regex(/^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/)
      .max(20_000)
      .nullable()
      .default(null)
      .describe(
        "Certificates in PEM, one of which must have signed the node's; `null` takes any certificate, so it keeps out those who only listen.",
      ),
  })
  .describe("TLS between balancer and node.");

const standby = z.strictObject({
  hot: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe("Nodes that run and are checked; the warden lets one serve for each active node that is lost."),
  cold: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe("Nodes that exist switched off. The warden starts them when hot standbys are too few."),
});

const sticky = z
  .strictObject({
    cookie: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]*$/)
      .max(64)
      .nullable()
      .default(null)
      .describe("Name of the cookie; `null` for `hotspare-` and the pool's name."),
    lifetime: duration("1 s", "8760 h")
      .nullable()
      .prefault(null)
      .describe(
        "How long a session stays at its node, counted from its first answer; `null` until the browser is closed.",
      ),
    secure: z
      .enum(["auto", "always", "never"])
      .default("auto")
      .describe("Whether the cookie comes back over TLS only; `auto` where it was set over TLS."),
    httpOnly: z.boolean().default(true).describe("Whether scripts in the page can't read it."),
    sameSite: z
      .enum(["Strict", "Lax", "None"])
      .default("Lax")
      .describe(
        'With which requests from other sites it is sent (RFC 6265bis); `None` needs `secure: "always"`.',
      ),
  })
  .describe("Cookie by which a session stays at its node.");

/** A program that runs once for each release. */
const releaseTask = z.strictObject({
  command: z
    .array(z.string().min(1).max(10_000))
    .min(1)
    .max(200)
    .describe("Program and arguments, in place of the pool's own `command`."),
  timeout: duration("1 s", "24 h").prefault("10 min").describe("Longer, and it is ended and has failed."),
});

/** A pool: nodes of one kind. */
export const poolSchema = z.strictObject({
  id: label(16)
    .optional()
    .describe(
      "What keys, labels and addresses of the pool's nodes go by, for good. Set it to the old name when you rename a pool that stands.",
    )
    .meta({ otherwise: "its name" }),
  image: image.prefault({ kind: "sample" }).describe("What the nodes run."),
  port: port.default(8080).describe("Where a node listens; it gets the number in the variable `PORT`."),
  protocol: z
    .enum(["http", "grpc"])
    .default("http")
    .describe("What the nodes speak. `grpc` goes on with its trailers; clients come by HTTP/2, so over TLS."),
  tls: nodeTls.nullable().default(null).describe("Whether nodes are reached over TLS; `null` for in clear."),
  active: z
    .int()
    .min(1)
    .max(10_000)
    .describe("Nodes that share the traffic. How many fit depends on `network.subnet`: 20 in a /22."),
  standby: standby.prefault({}).describe("Nodes that stand by."),
  algorithm: algorithmSchema
    .prefault({ kind: "weighted-round-robin" })
    .describe("How requests are shared among the nodes."),
  sticky: sticky
    .nullable()
    .default(null)
    .describe(
      "Sessions stay at their node, by a cookie that the balancer sets; `null` for none. The algorithm chooses for new ones only.",
    ),
  weights: z
    .record(z.string(), z.int().min(1).max(largestWeight))
    .default({})
    .describe('Weight by node key, e.g. `{ "web-1": 3 }`; nodes not named have 1.'),
  health: health.prefault({}).describe("How the balancers see whether a node is healthy."),
  keepAlive: duration("100 ms", "1 h")
    .prefault("1 s")
    .describe(
      "How long a balancer keeps an idle connection to a node. Shorter than the server keeps it, or requests meet connections that are just being closed.",
    ),
  retryBudget: z
    .number()
    .min(0)
    .max(10)
    .default(0.2)
    .describe(
      "Most retries for each request of the last 10 s; 0.2 is a fifth more work when everything fails. Five are always free.",
    ),
  cpus: z.number().min(0.05).max(64).default(0.5).describe("CPU limit of a node, in cores."),
  memory: size("16 MB", "512 GB")
    .prefault("128 MB")
    .describe("Memory limit of a node; as much swap comes on top."),
  readOnly: z
    .boolean()
    .default(false)
    .describe(
      "Whether a node's files are for reading only, but for `/tmp` and `/run` in memory. Not by itself, since applications write beside their own files.",
    ),
  environment: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.union([z.string(), secretReference]))
    .default({})
    .describe("Environment variables; values may be secrets."),
  ...containerOptions,
  beforeRelease: releaseTask
    .nullable()
    .default(null)
    .describe(
      "Runs once for each release, in a container of it, before any new node is made: migrations. When it fails, the release is refused. `rollback` doesn't undo it.",
    ),
  afterRelease: releaseTask
    .nullable()
    .default(null)
    .describe("Runs once for each release, in a container of it, when the new nodes serve."),
  stopGrace: duration("0 s", "10 min")
    .prefault("10 s")
    .describe("How long a node may finish its requests after SIGTERM, before it is killed."),
});
