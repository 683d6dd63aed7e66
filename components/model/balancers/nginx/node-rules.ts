import type { Problem } from "../../problem.ts";
import type { ClusterSpec, NginxSpec, PoolSpec } from "../../spec.ts";
import { aboutKnownFields } from "../../unknown.ts";

/** A rule about how nodes of one pool are spoken to; paths start with the pool's. */
type NodeRule = (pool: PoolSpec, path: string, balancer: NginxSpec) => Problem[];

/** gRPC is HTTP/2, and nginx can't tell it from HTTP/1.1 on a plain port; in TLS the two are agreed on (ALPN). */
const http2InFront: NodeRule = ({ protocol }, path, { listen }) => {
  if (protocol !== "grpc" || (listen.tls !== null && listen.tls.certificate.kind !== "acm")) return [];
  return [
    {
      code: "pool.grpc-without-tls",
      path: `${path}.protocol`,
      message:
        listen.tls === null
          ? "gRPC clients come by HTTP/2, which the balancers speak over TLS only, and there is no TLS listener"
          : "gRPC clients come by HTTP/2, and behind a balancer of the platform's that ends TLS there is none",
      hint: "set balancer.listen.tls with a certificate that the balancers show themselves",
    },
  ];
};

const authorityHasName: NodeRule = ({ tls }, path) =>
  tls !== null && tls.authority !== null && tls.name === null
    ? [
        {
          code: "pool.tls-nameless",
          path: `${path}.tls.name`,
          message:
            "the authority's certificates are good for any of its servers, and no name says which one is meant",
          hint: "set the name that the nodes' certificates have, or authority to null",
        },
      ]
    : [];

/** What servers say who don't speak HTTP. */
const speaksHttp: NodeRule = ({ health }, path) =>
  ["http", "grpc", "tcp"].includes(health.protocol)
    ? []
    : [
        {
          code: "pool.check-of-other-protocol",
          path: `${path}.health.protocol`,
          message: `"${health.protocol}" is said by servers that don't speak HTTP, and these balancers send them nothing else`,
          hint: 'use "http", "grpc" or "tcp", or balancers that forward connections, { kind: "lvs" }',
        },
      ];

const stickyComesBack: NodeRule = ({ sticky }, path, { listen, trustedProxies }) =>
  sticky?.secure === "always" && listen.tls === null && trustedProxies.length === 0
    ? [
        {
          code: "pool.sticky-never-returned",
          path: `${path}.sticky.secure`,
          message: "browsers send a Secure cookie over TLS only, and nobody comes by TLS",
          hint: 'set balancer.listen.tls, name the proxies that end TLS in balancer.trustedProxies, or set it to "auto"',
        },
      ]
    : [];

const rules = [http2InFront, authorityHasName, speaksHttp, stickyComesBack];

/** How nodes are spoken to, and what needs a client that comes by TLS. */
export const nodesSpokenTo = (balancer: NginxSpec, { pools }: ClusterSpec): Problem[] =>
  Object.entries(pools).flatMap(([name, pool]) =>
    rules.flatMap((rule) => aboutKnownFields(() => rule(pool, `pools.${name}`, balancer))),
  );
