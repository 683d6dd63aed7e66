import { z } from "zod";
import type { MembersPool } from "../../model/members-document.ts";
import { grpcHealthPath, grpcQuestion } from "../../render/health-question.ts";
import { desiredSocket } from "../../render/paths.ts";

/* The question of a health check, asked by curl from where a balancer is: before the balancer itself hears of a member. */

type Health = MembersPool["health"];

/** Where a check asks. */
export function checkUrl({ address, port }: { address: string; port: number }, health: Health): string {
  const path = health.protocol === "grpc" ? grpcHealthPath : health.path;
  return `http${health.tls === undefined ? "" : "s"}://${address}:${port}${path}`;
}

/** Ends what curl writes to its output: after the body, if that is asked for, comes the status. */
const statusMark = "\nhotspare-status ";

export interface Probe {
  readonly command: readonly string[];
  readonly stdin?: string;
}

/** @param url by `checkUrl` */
export function probeOf(url: string, health: Health): Probe {
  const { host, headers = {}, protocol, service = "", tls } = health;
  const fields = [...(host === undefined ? [] : [`Host: ${host}`]), ...named(headers)];
  const common = ["curl", "-s", "-S", "-m", "2", ...fields.flatMap((field) => ["-H", field])];
  if (asksItself(protocol)) return askedOfBalancer(url, health);
  const secure = tls === undefined ? { options: [], url } : overTls(url, tls.name);
  if (protocol !== "grpc") return { command: [...common, ...secure.options, ...headsAndStatus, secure.url] };
  // Over TLS the two sides agree on HTTP/2 (ALPN).
  const grpc = [
    tls === undefined ? "--http2-prior-knowledge" : "--http2",
    ...secure.options,
    "-H",
    "content-type: application/grpc",
    "-H",
    "te: trailers",
  ];
  return {
    command: [...common, ...grpc, "--data-binary", "@-", "-w", `${statusMark}%{http_code}`, secure.url],
    stdin: grpcQuestion(service),
  };
}

/** What is no HTTP is checked by the balancer itself, as it will check a member. */
const asksItself = (protocol: Health["protocol"]): boolean =>
  protocol !== undefined && protocol !== "http" && protocol !== "grpc";

function askedOfBalancer(url: string, health: Health): Probe {
  const { hostname, port, protocol } = new URL(url);
  const known = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  const socket = ["-m", "3", "--unix-socket", desiredSocket, "-X", "PUT", "--data-binary", "@-"];
  return {
    command: ["curl", "-s", "-S", "--fail-with-body", ...socket, "http://localhost/check"],
    stdin: JSON.stringify({ address: hostname, port: known, health }),
  };
}

/** What the balancer found. */
const checked = z.object({ passed: z.boolean(), why: z.string() });

/** The headers of every answer to the request, informational ones too, then the last status. */
const headsAndStatus = ["-D", "-", "-o", "/dev/null", "-w", "%{http_code}"];

/**
 * The same question through the balancer's nginx, which bears less than curl does; null where it isn't plain HTTP.
 *
 * @param url by `checkUrl`
 */
export function throughBalancer(url: string, health: Health): Probe | null {
  if ((health.protocol ?? "http") !== "http" || health.tls !== undefined) return null;
  const target = url.slice("http://".length);
  const [own = ""] = target.split("/");
  const fields = [
    `X-Hotspare-Ask: ${target}`,
    `Host: ${health.host ?? own}`,
    ...named(health.headers ?? {}),
  ].flatMap((field) => ["-H", field]);
  const options = ["-m", "3", "--unix-socket", desiredSocket, ...fields];
  return { command: ["curl", "-s", "-S", ...options, ...headsAndStatus, "http://localhost/ask"] };
}

/** Whether the balancer did ask; one with an older configuration has no such location. */
export const wasAsked = (stdout: string): boolean => /^x-hotspare-asked:/im.test(stdout);

/**
 * Whether nginx took an informational answer for the final one, and passed on what came after as its body: an older one marks the
 * informational answer as its own, and not the final one. Null where it didn't.
 */
export function cutShort(stdout: string): string | null {
  const [, code] = /^HTTP\/1\.1 (1\d\d)/m.exec(stdout) ?? [];
  if (code === undefined) return null;
  const final = stdout.split(/\r?\n\r?\n/).findLast((head) => /^HTTP\/1\.1 [2-5]/.test(head));
  return final !== undefined && wasAsked(final)
    ? null
    : `it answers ${code} before its final answer, and nginx before 1.29 ends a request there; let it send no informational answers`;
}

const named = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers).map(([name, value]) => (value === "" ? `${name};` : `${name}: ${value}`));

/** By the name that the node is asked for. Whether the certificate is right is for the balancer's own checks, which know who signs. */
function overTls(url: string, name: string | undefined): { options: string[]; url: string } {
  if (name === undefined) return { options: ["-k"], url };
  const { hostname, port, pathname, search } = new URL(url);
  const at = port === "" ? "443" : port;
  return {
    options: ["-k", "--connect-to", `${name}:${at}:${hostname}:${at}`],
    url: `https://${name}:${at}${pathname}${search}`,
  };
}

/** Null where the check passes, else what came instead. */
export function verdictOf(stdout: string, { protocol }: Health): string | null {
  if (asksItself(protocol)) {
    const { passed, why } = checked.parse(JSON.parse(stdout));
    return passed ? null : why;
  }
  if (protocol !== "grpc") {
    const [code = ""] = /\d*$/.exec(stdout) ?? [];
    return /^2\d\d$/.test(code) ? null : `HTTP ${code}`;
  }
  const [body = "", status] = stdout.split(statusMark);
  if (status !== "200") return `HTTP ${status}`;
  // SERVING is 1 in field 1, and the whole message.
  return body.endsWith("\u0008\u0001") ? null : "gRPC: not SERVING";
}
