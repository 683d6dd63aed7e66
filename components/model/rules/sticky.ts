import { balancerTraits } from "../balancers/select.ts";
import type { Problem } from "../problem.ts";
import type { ClusterSpec, PoolSpec } from "../spec.ts";
import { aboutKnownFields } from "../unknown.ts";
import type { Rule } from "./rule.ts";

/** Name of a pool's cookie where the stack gives none: each pool has its own, or two would take each other's sessions away. */
export const stickyCookie = (pool: string): string => `hotspare-${pool}`;

type Sticky = NonNullable<PoolSpec["sticky"]>;

/** A rule about the cookie of one pool; paths start with the pool's `sticky`. */
type StickyRule = (sticky: Sticky, pool: string, path: string, spec: ClusterSpec) => Problem[];

const requestsRead: StickyRule = (_, __, path, { balancer }) =>
  balancerTraits(balancer.kind).layer === 7
    ? []
    : [
        {
          code: "pool.sticky-unread",
          path,
          message: `balancers of the kind "${balancer.kind}" read no request, so they know no cookies`,
          hint: 'set it to null, or use the algorithm "ip-hash"',
        },
      ];

/** RFC 6265bis, 5.7: a cookie for other sites that isn't Secure is refused by browsers. */
const otherSitesSecure: StickyRule = ({ sameSite, secure }, _, path) =>
  sameSite === "None" && secure !== "always"
    ? [
        {
          code: "pool.sticky-insecure",
          path: `${path}.secure`,
          message: `browsers refuse a cookie with SameSite=None that isn't Secure, and this one is "${secure}"`,
          hint: 'set it to "always", or sameSite to "Lax"',
        },
      ]
    : [];

const cookieUnique: StickyRule = (sticky, pool, path, { pools }) => {
  // By the id: a session outlives another name of its pool.
  const nameOf = (name: string, { cookie }: Sticky) => cookie ?? stickyCookie(pools[name]?.id ?? name);
  const own = nameOf(pool, sticky);
  const first = Object.entries(pools).find(
    ([name, other]) => other.sticky !== null && nameOf(name, other.sticky) === own,
  )?.[0];
  return first === undefined || first === pool
    ? []
    : [
        {
          code: "pool.sticky-cookie-twice",
          path: `${path}.cookie`,
          message: `"${own}" is the cookie of pool "${first}" as well, and each would take the other's sessions away`,
          hint: "give one of them another name",
        },
      ];
};

const eachSticky =
  (rule: StickyRule): Rule =>
  (spec) =>
    Object.entries(spec.pools).flatMap(([name, pool]) =>
      aboutKnownFields(() =>
        pool.sticky === null ? [] : rule(pool.sticky, name, `pools.${name}.sticky`, spec),
      ),
    );

export const stickyRules: readonly Rule[] = [requestsRead, otherSitesSecure, cookieUnique].map(eachSticky);
