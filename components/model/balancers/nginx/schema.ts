import { z } from "zod";
import { duration, port, rateLimit, secretReference, size } from "../../schema/common.ts";
import { failover } from "../failover.ts";
import { clientHeaders } from "./client-headers.ts";

const certificate = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("self-signed"),
      names: z
        .array(
          z
            .string()
            .regex(/^(\*\.)?[A-Za-z0-9.-]+$/)
            .max(253),
        )
        .default(["localhost"])
        .describe("Names and addresses in the certificate; the virtual address is always added."),
    })
    .describe("Each balancer makes its own on first start. For development and staging."),
  z
    .strictObject({
      kind: z.literal("given"),
      certificate: secretReference.describe("Certificate chain in PEM, leaf first."),
      key: secretReference.describe("Private key in PEM."),
    })
    .describe("A certificate of yours, from Pulumi config."),
  z
    .strictObject({
      kind: z.literal("acm"),
      arn: z
        .string()
        .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-z0-9-]+$/)
        .describe("ARN of the certificate, in the cluster's region."),
    })
    .describe("AWS only: a certificate of AWS Certificate Manager. TLS ends at the Network Load Balancer."),
]);

const strictTransport = z
  .strictObject({
    maxAge: duration("1 s", "17520 h").prefault("8760 h").describe("How long browsers remember it."),
    subdomains: z.boolean().default(false).describe("Whether it holds for all names below the host's too."),
    preload: z
      .boolean()
      .default(false)
      .describe("Whether browsers may ship with it; needs `subdomains` and a year. Hard to take back."),
  })
  .describe("What browsers are told to remember (RFC 6797).");

const tls = z.strictObject({
  port: port.default(443).describe("Where the balancers listen for TLS."),
  certificate: certificate.prefault({ kind: "self-signed" }).describe("Which certificate is shown."),
  redirect: z.boolean().default(true).describe("Plain HTTP requests are answered with 308 to https."),
  strictTransport: z
    .union([z.literal("auto"), strictTransport])
    .nullable()
    .default("auto")
    .describe(
      "Whether browsers shall come by TLS only (Strict-Transport-Security); `auto` for a year where plain requests are redirected and the certificate isn't self-signed, `null` for never.",
    ),
});

const listen = z.strictObject({
  http: port.default(80).describe("Where the balancers listen for plain HTTP."),
  tls: tls.nullable().default(null).describe("TLS listener; `null` for none."),
});

const door = z.strictObject({
  http: z
    .union([z.literal("auto"), port])
    .default("auto")
    .describe(
      "Port on 127.0.0.1 of the Docker host. `auto` derives one from owner and cluster, so that clusters don't meet.",
    ),
  tls: z
    .union([z.literal("auto"), port])
    .default("auto")
    .describe("The same for TLS, where the balancers listen for it."),
});

const headers = z.strictObject({
  requestLimit: size("4 KB", "64 KB")
    .prefault("16 KB")
    .describe(
      "Longest line of a request: its URL, or one header such as Cookie. Longer ones are answered 414 or 400.",
    ),
  answerLimit: size("4 KB", "64 KB")
    .prefault("16 KB")
    .describe("Largest header of a node's answer, as a whole; a larger one is answered 502."),
  fromClient: z
    .array(z.enum(clientHeaders))
    .default([])
    .describe(
      "Which of the headers that clients may not choose reach the nodes all the same, as the client sent them.",
    ),
  underscores: z
    .boolean()
    .default(false)
    .describe(
      "Whether headers with an underscore in their name reach the nodes. Left out otherwise, with a line in the log: many servers take `X_Y` and `X-Y` for the same, so a client could choose what it may not.",
    ),
  security: z
    .boolean()
    .default(false)
    .describe(
      "Whether answers that say nothing of it get `X-Content-Type-Options: nosniff`, `X-Frame-Options: SAMEORIGIN` and `Referrer-Policy: strict-origin-when-cross-origin`.",
    ),
});

const logs = z.strictObject({
  arguments: z
    .boolean()
    .default(false)
    .describe(
      "Whether the access log has the URL as the client sent it, with its arguments, in which tokens often are; else its path alone.",
    ),
});

const connections = z.strictObject({
  perAddress: z
    .int()
    .min(16)
    .max(65_535)
    .nullable()
    .default(2048)
    .describe(
      "Connections that one client address may have open, busy or not; more are refused by the kernel before nginx knows of them. Not for `trustedProxies`. `null` for any number.",
    ),
  bodiesPerAddress: z
    .int()
    .min(1)
    .max(65_535)
    .nullable()
    .default(1024)
    .describe(
      "Requests with a body that one client may have under way; more are answered 429. `null` for any number. Those of all clients together are bounded by a quarter of the balancer's connections.",
    ),
});

/** The shape of this tier. */
export const nginxSchema = z
  .strictObject({
    kind: z.literal("nginx"),
    count: z
      .int()
      .min(1)
      .max(4)
      .default(2)
      .describe("Balancers; one holds the virtual address, the others stand by."),
    listen: listen.prefault({}).describe("Ports of the virtual address."),
    door: door
      .prefault({})
      .describe("Docker only: how the cluster is reached from the Docker host on 127.0.0.1."),
    failover: failover.prefault({}).describe("How the virtual address moves."),
    bodyLimit: size("1 KB", "10 GB")
      .prefault("1 MB")
      .describe("Largest request body; larger ones are answered 413."),
    compression: z
      .union([z.boolean(), z.literal("gzip")])
      .default(false)
      .describe(
        "Whether texts of more than 1 KB, or of a length that the node doesn't tell, are compressed where the node hasn't done so: `true` by brotli or gzip, whichever a client takes; `\"gzip\"` by that alone. Not where pages have secrets beside what strangers may write into them (BREACH).",
      ),
    paths: z
      .enum(["strict", "any"])
      .default("strict")
      .describe(
        "Paths that a node might read as another route's (`/LOGIN`, `/x\\..\\login`, `//login`, `/x/..;/login`): `strict` answers 400, so that none dodges a route's limits. Without routes nothing is refused.",
      ),
    headers: headers.prefault({}).describe("Sizes of headers, and which ones of a client are believed."),
    connections: connections.prefault({}).describe("How many connections a client may have."),
    logs: logs.prefault({}).describe("What is logged of requests."),
    rateLimit: rateLimit
      .nullable()
      .default(null)
      .describe(
        "Limit for every route that sets none; `null` for no limit. Each balancer and route counts for itself.",
      ),
    trustedProxies: z
      .array(z.cidrv4())
      .default([])
      .describe(
        "Networks whose X-Forwarded-For, -Proto, -Host and -Port are believed. The kit's own door is always in.",
      ),
    cpus: z
      .number()
      .min(0.1)
      .max(64)
      .default(1)
      .describe("CPU limit of a balancer, in cores; also its nginx workers, rounded up."),
    memory: size("64 MB", "64 GB").prefault("256 MB").describe("Memory limit of a balancer."),
  })
  .describe("nginx with a Lua balancer and keepalived: HTTP, any algorithm, changes without reload.");
