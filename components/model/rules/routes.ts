import type { Problem } from "../problem.ts";
import { formatDuration } from "../units.ts";
import type { Rule } from "./index.ts";

const poolsExist: Rule = (spec) =>
  spec.routes.flatMap((route, index) =>
    route.pool in spec.pools
      ? []
      : [
          {
            code: "route.unknown-pool",
            path: `routes[${index}].pool`,
            message: `there is no pool "${route.pool}"`,
            hint: `use one of [${Object.keys(spec.pools).join(", ")}]`,
          },
        ],
  );

const poolsReached: Rule = (spec) => {
  const names = Object.keys(spec.pools);
  const reached = new Set(spec.routes.map((route) => route.pool));
  const catchAll = spec.routes.some((route) => route.path === "/");
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

const pathsDiffer: Rule = (spec) =>
  spec.routes.flatMap((route, index) => {
    const first = spec.routes.findIndex((other) => other.path === route.path);
    if (first === index) return [];
    return [
      {
        code: "route.twice",
        path: `routes[${index}].path`,
        message: `"${route.path}" is already taken by routes[${first}]`,
        hint: "remove one of them",
      },
    ];
  });

const timersFit: Rule = (spec) =>
  spec.routes.flatMap((route, index): Problem[] => {
    const problems: Problem[] = [];
    if (route.tries > 1 && route.retryFor > 0 && route.retryFor < route.connectTimeout) {
      problems.push({
        code: "route.no-time-to-retry",
        path: `routes[${index}].retryFor`,
        message: `${formatDuration(route.retryFor)} are over before the first try may end (connectTimeout ${formatDuration(route.connectTimeout)})`,
        hint: "make it longer than connectTimeout, or set tries to 1",
      });
    }
    return problems;
  });

export const routeRules: readonly Rule[] = [poolsExist, poolsReached, pathsDiffer, timersFit];
