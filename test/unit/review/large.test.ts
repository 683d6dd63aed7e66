import { expect, test } from "vitest";
import { reviewEngine } from "../../../components/review/engine/review.ts";
import { assemble } from "../../../scripts/review/assemble.ts";
import { markdown } from "../../../scripts/review/print/markdown/index.ts";
import { documentOf } from "../../support/plan-documents.ts";
import { namesIn, readMarkdown } from "../../support/read-markdown.ts";

const type = "docker:index/container:Container";
const stack = {
  name: "dev",
  environment: "development",
  platform: { kind: "docker" },
  balancer: { kind: "nginx", count: 2 },
  pools: { web: { active: 3 } },
  routes: [{ path: "/", pool: "web" }],
};

/** The engine's events for so many resources: deleted, replaced, updated and refused ones. */
function events(number: number): unknown[] {
  const steps = Array.from({ length: number }, (_, index) => {
    const urn = `urn:pulumi:dev::hotspare::${type}::node-${index}`;
    const op = (["delete", "replace", "update"] as const)[index % 3] ?? "update";
    const side = (image: string) => ({
      urn,
      type,
      id: `id-${index}`,
      parent: "",
      provider: "",
      protect: index % 100 === 0,
      inputs: { image, memory: index },
      outputs: { image },
    });
    const made = op === "delete" ? null : side(`app:${index + 1}`);
    const keys = op === "replace" ? ["image"] : [];
    return {
      resourcePreEvent: {
        metadata: {
          op,
          urn,
          type,
          old: side("app:1"),
          new: made,
          keys,
          diffs: ["image"],
          detailedDiff: null,
        },
      },
    };
  });
  return [...steps, { summaryEvent: { isPreview: true, resourceChanges: {}, result: "succeeded" } }];
}

test("a comment on 5,000 changed resources fits, and names all that are deleted, replaced or protected", () => {
  const engine = reviewEngine({ events: events(5000), state: null });
  const document = documentOf(stack);
  const revision = { ref: "main", commit: "1234567890abcdef1234567890abcdef12345678", dirty: false };
  const planned = { kind: "planned", document } as const;
  const common = { stack: "dev", base: revision, head: revision, failures: [], namesake: null };
  const review = assemble({ ...common, before: planned, after: planned, engine });
  const text = markdown(review);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
  expect(review.verdict).toBe("violated");
  const grave = engine.steps.filter(({ kind, protected: kept }) => kind !== "update" || kept);
  expect(grave.length).toBeGreaterThan(3300);
  const named = namesIn(readMarkdown(text));
  const missing = grave.filter(({ name }) => !named.has(`docker:Container/${name}`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
