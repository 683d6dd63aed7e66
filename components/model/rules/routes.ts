import { balancerTraits } from "../balancers/select.ts";
import type { Problem } from "../problem.ts";
import type { ClusterSpec, RouteSpec } from "../spec.ts";
import { formatDuration } from "../units.ts";
import { aboutKnownFields } from "../unknown.ts";
import { comparedPath } from "../url-path.ts";
import type { Rule } from "./rule.ts";

/** A rule about one route; paths start with the route's. */
type RouteRule = (route: RouteSpec, path: string, spec: ClusterSpec) => Problem[];

const poolExists: RouteRule = (route, path, spec) =>
  Object.hasOwn(spec.pools, route.pool)
    ? []
    : [
        {
          code: "route.unknown-pool",
          path: `${path}.pool`,
          message: `there is no pool "${route.pool}"`,
          hint: `use one of [${Object.keys(spec.pools).join(", ")}]`,
        },
      ];

const pathComparable: RouteRule = (route, path) =>
  comparedPath(route.path) === null
    ? [
        {
          code: "route.path-never-met",
          path: `${path}.path`,
          message: `no request is met by "${route.path}"`,
          hint: 'write escapes as in "/caf%C3%A9/", and no "/./", "/../", "%24" or control characters',
        },
      ]
    : [];

const pathUnique: RouteRule = (route, path, spec) => {
  const compared = comparedPath(route.path);
  const first = spec.routes.findIndex(
    (other) => other.host === route.host && comparedPath(other.path) === compared,
  );
  if (compared === null || path === `routes[${first}]`) return [];
  return [
    {
      code: "route.twice",
      path: `${path}.path`,
      message: `"${route.host ?? ""}${route.path}" is already taken by routes[${first}]`,
      hint: "remove one of them",
    },
  ];
};

const timersFit: RouteRule = (route, path) =>
  route.tries > 1 && route.retryFor > 0 && route.retryFor < route.connectTimeout
    ? [
        {
          code: "route.no-time-to-retry",
          path: `${path}.retryFor`,
          message: `${formatDuration(route.retryFor)} are over before the first try may end (connectTimeout ${formatDuration(route.connectTimeout)})`,
          hint: "make it longer than connectTimeout, or set tries to 1",
        },
      ]
    : [];

const patienceFits: RouteRule = ({ patience, readTimeout }, path) =>
  patience !== "learned" && patience > readTimeout
    ? [
        {
          code: "route.patience-too-long",
          path: `${path}.patience`,
          message: `${formatDuration(patience)} are more than readTimeout (${formatDuration(readTimeout)})`,
          hint: "make readTimeout as long, or patience shorter",
        },
      ]
    : [];

/** Routes go by what a request asks for, which a balancer of layer 4 never sees. */
const requestsRead: Rule = ({ balancer, routes }) =>
  routes.length === 0 || balancerTraits(balancer.kind).layer === 7
    ? []
    : [
        {
          code: "route.unread",
          path: "routes",
          message: `balancers of the kind "${balancer.kind}" forward connections and read no request, so they know no routes`,
          hint: "remove them, or choose a kind of balancer that reads HTTP",
        },
      ];

const poolsReached: Rule = (spec) => {
  if (balancerTraits(spec.balancer.kind).layer === 4) return [];
  const names = Object.keys(spec.pools);
  // A route to a pool that isn't there was meant for one that is: whoever corrects its name has an answer to both.
  if (spec.routes.some((route) => !names.includes(route.pool))) return [];
  const reached = new Set(spec.routes.map((route) => route.pool));
  const catchAll = spec.routes.some(({ host, path }) => host === null && comparedPath(path) === "/");
  if (!catchAll && names[0] !== undefined) reached.add(names[0]);
  return names
    .filter((name) => !reached.has(name))
    .map((name) => ({
      code: "pool.unreached",
      path: `pools.${name}`,
      message: "no route leads to it, so its nodes would stand idle",
      hint: `add { path: "/${name}", pool: "${name}" } to routes`,
    }));
};

const eachRoute =
  (rule: RouteRule): Rule =>
  (spec) =>
    spec.routes.flatMap((route, index) => aboutKnownFields(() => rule(route, `routes[${index}]`, spec)));

export const routeRules: readonly Rule[] = [
  poolsReached,
  requestsRead,
  ...[poolExists, pathComparable, pathUnique, timersFit, patienceFits].map(eachRoute),
];
