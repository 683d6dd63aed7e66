import { describe, expect, test } from "vitest";
import { loadStack } from "../../../components/model/define.ts";
import { describePlan } from "../../../components/plan/describe.ts";
import { plan } from "../../../components/plan/plan.ts";
import type { PlanContext, TaskPlan } from "../../../components/plan/types.ts";
import { contextFor } from "../../support/plan-any.ts";
import { withPool } from "../../support/small.ts";

const migrate = { beforeRelease: { command: ["./manage.py", "migrate"] } };

function tasksOf(fields: object, context: Partial<PlanContext> = {}): readonly TaskPlan[] {
  const stack = withPool(fields) as { pools: object };
  return plan(loadStack("test", stack), { ...contextFor(stack), ...context }).tasks ?? [];
}

const releaseOf = (fields: object, context?: Partial<PlanContext>) => tasksOf(fields, context)[0]?.release;

describe("a program of a release", () => {
  test("is made as the nodes are, but for its command and what one node has alone", () => {
    const pool = {
      ...migrate,
      command: ["serve"],
      user: "33",
      environment: { DATABASE: "db" },
      volumes: { data: { path: "/data" }, media: { path: "/media", shared: true } },
    };
    expect(tasksOf(pool)).toMatchObject([
      {
        key: "web-before-release",
        name: "demo-0123-web-before-release",
        when: "before",
        command: ["./manage.py", "migrate"],
        user: "33",
        environment: { DATABASE: "db", PORT: "8080" },
        volumes: { media: { volume: "demo-0123-web-all-media", path: "/media" } },
        timeout: 600_000,
        noted: false,
      },
    ]);
    expect(tasksOf(pool)[0]?.volumes).not.toHaveProperty("data");
  });

  test.each([
    ["more nodes", { active: 5 }],
    ["standbys", { standby: { hot: 1 } }],
    ["other bounds", { memory: "1 GB", cpus: 2 }],
    ["another check", { health: { path: "/health" } }],
  ])("is the same for %s", (_, fields) => {
    expect(releaseOf({ ...migrate, ...fields })).toBe(releaseOf(migrate));
  });

  test.each([
    ["image", { image: { kind: "reference", reference: "acme/api:2" } }],
    ["variable", { environment: { LEVEL: "debug" } }],
    ["file", { files: { "/etc/app.ini": { content: { text: "a" } } } }],
    ["command", { beforeRelease: { command: ["./manage.py", "migrate", "--all"] } }],
  ])("is another one for another %s", (_, fields) => {
    expect(releaseOf({ ...migrate, ...fields })).not.toBe(releaseOf(migrate));
  });

  test("is another one for another value of a secret, whose value it doesn't have", () => {
    const pool = { ...migrate, environment: { TOKEN: { secret: "token" } } };
    const [one, two] = ["1", "2"].map((token) => releaseOf(pool, { secrets: { token } }));
    expect(one).not.toBe(two);
  });

  test("is only noted where the cluster goes back", () => {
    expect(tasksOf(migrate, { goingBack: true })).toMatchObject([{ noted: true }]);
  });

  test("stands in the plan's words", () => {
    const stack = withPool({ ...migrate, afterRelease: { command: ["warm"], timeout: "5 s" } }) as {
      pools: object;
    };
    const words = describePlan(plan(loadStack("test", stack), contextFor(stack)));
    expect(words).toContain("before each release of web once: ./manage.py migrate, at most 10 min");
    expect(words).toContain("after each release of web once: warm, at most 5 s");
  });
});
