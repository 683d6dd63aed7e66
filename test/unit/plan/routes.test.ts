import { expect, test } from "vitest";
import { planAny } from "../../support/plan-any.ts";
import { small, withBalancer, withRoutes } from "../../support/small.ts";

const planOf = (stack: Record<string, unknown>) => planAny(stack as { pools: object });
const paths = (...written: string[]) =>
  planOf(withRoutes(...written.map((path) => ({ path })))).routes.map(({ path }) => path);

test("the longest path comes first, and equally long ones by the alphabet", () => {
  expect(paths("/", "/b/", "/api/orders/", "/a/", "/api/")).toEqual([
    "/api/orders/",
    "/api/",
    "/a/",
    "/b/",
    "/",
  ]);
});

test("the order in which routes are written changes nothing", () => {
  expect(paths("/b/", "/", "/a/")).toEqual(paths("/a/", "/b/", "/"));
});

test("what no route takes goes to the first pool, with a route's defaults", () => {
  const stack = small({
    pools: { web: { active: 1 }, api: { active: 1 } },
    routes: [{ path: "/api/", pool: "api" }],
  });
  expect(planOf(stack).routes.at(-1)).toEqual({
    path: "/",
    host: null,
    pool: "web",
    idempotent: false,
    connectTimeout: 250,
    patience: "learned",
    readTimeout: 60_000,
    retryFor: 4000,
    tries: 3,
    bodyLimit: 1_048_576,
    rateLimit: null,
    streaming: false,
  });
});

test.each(["/", "//", "/%2F"])("%s takes everything, so that no route is added", (path) => {
  expect(paths(path)).toEqual([path]);
});

test("a route without limits has the tier's, one with its own keeps it", () => {
  const stack = withBalancer(
    { bodyLimit: "10 MB", rateLimit: { perSecond: 500, burst: 200 } },
    {
      routes: [
        { path: "/", pool: "web" },
        { path: "/own/", pool: "web", bodyLimit: "1 KB", rateLimit: { perSecond: 5 } },
      ],
    },
  );
  expect(planOf(stack).routes.map(({ bodyLimit, rateLimit }) => [bodyLimit, rateLimit])).toEqual([
    [1024, { perSecond: 5, burst: 50 }],
    [10_485_760, { perSecond: 500, burst: 200 }],
  ]);
});
