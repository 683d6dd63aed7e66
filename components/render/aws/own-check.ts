import type { NodeService } from "../../plan/groups/types.ts";
import { grpcHealthPath, grpcQuestion } from "../health-question.ts";

/* How a machine asks its own service, before the group hears that it is ready: the question of the balancers' checks. */

/** curl's options; there where the question isn't plain. */
const checkOptions = "/etc/hotspare/health.curl";
/** Body of a question by gRPC's health protocol. */
const checkBody = "/etc/hotspare/health.grpc";

interface OwnCheck {
  readonly url: string;
  /** What `hotspare-lifecycle` is told of the question beside its URL. */
  readonly values: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

export function ownCheck({ port, health, tls }: NodeService): OwnCheck {
  const isGrpc = health.protocol === "grpc";
  // By the name that its certificate has. Who signed it is for those who come from outside.
  const name = tls?.name ?? "127.0.0.1";
  const lines = [
    ...(health.host === null ? [] : [option("header", `Host: ${health.host}`)]),
    ...Object.entries(health.headers).map(([header, value]) =>
      option("header", value === "" ? `${header};` : `${header}: ${value}`),
    ),
    ...(tls === undefined
      ? []
      : [
          "insecure",
          ...(tls.name === null ? [] : [option("connect-to", `${name}:${port}:127.0.0.1:${port}`)]),
        ]),
    ...(isGrpc
      ? [
          tls === undefined ? "http2-prior-knowledge" : "http2",
          option("header", "content-type: application/grpc"),
          option("header", "te: trailers"),
          option("data-binary", `@${checkBody}`),
        ]
      : []),
  ];
  return {
    url: `http${tls === undefined ? "" : "s"}://${name}:${port}${isGrpc ? grpcHealthPath : health.path}`,
    values: {
      ...(lines.length === 0 ? {} : { HOTSPARE_HEALTH_OPTIONS: checkOptions }),
      ...(isGrpc ? { HOTSPARE_HEALTH_PROTOCOL: "grpc" } : {}),
    },
    files: {
      ...(lines.length === 0 ? {} : { [checkOptions]: lines.map((line) => `${line}\n`).join("") }),
      ...(isGrpc ? { [checkBody]: grpcQuestion(health.service) } : {}),
    },
  };
}

/** An option as curl reads it in a file. */
const option = (name: string, value: string) => `${name} = "${value.replace(/[\\"]/g, "\\$&")}"`;
