import { afterAll, beforeAll, expect, test } from "vitest";
import { compare } from "../../components/review/compare/index.ts";
import { reviewEngine } from "../../components/review/engine/review.ts";
import { risksOf } from "../../components/review/risks/index.ts";
import { Engine } from "../support/aws/engine.ts";
import { awsStack } from "../support/aws/stacks.ts";
import { stepLines } from "../support/engine-runs.ts";
import { documentOf } from "../support/plan-documents.ts";

/*
 * What `review --preview` would tell of stacks on AWS: previews of the real engine over the stand-in for the provider, read and
 * judged as those of Docker's are.
 */

const base = awsStack(
  { zones: 3, instanceType: "t4g.small" },
  {
    pools: { web: { active: 2, environment: { TOKEN: { secret: "token" } } }, api: { active: 2 } },
    routes: [
      { path: "/", pool: "web" },
      { path: "/api/", pool: "api" },
    ],
  },
);
type Fields = Record<string, unknown>;
const { platform, ...fields } = base as unknown as Fields & { platform: Fields };
const changed = (of: Fields, own: Fields = {}) =>
  ({ ...fields, platform: { ...platform, ...of }, ...own }) as unknown as typeof base;

let engine: Engine;

beforeAll(async () => {
  engine = await Engine.create("aws-review", { token: "an-old-value" });
  const { errors } = await engine.up(base);
  expect(errors).toBe("");
});

afterAll(() => engine.remove());

/** Steps and risks of a change. */
async function reviewed(after: typeof base) {
  const engineReview = reviewEngine(await engine.previewed(after));
  const [was, is] = [documentOf(base), documentOf(after)];
  const risks = risksOf({ before: was, after: is, change: compare(was, is), engine: engineReview });
  return {
    lines: stepLines(engineReview),
    result: engineReview.result,
    risks: risks.map(({ severity, code, path }) => `${severity} ${code} ${path.split("::").at(-1)}`),
  };
}

test("nothing is told of a stack that is up as it stands", async () => {
  expect(await reviewed(base)).toEqual({ lines: [], result: "succeeded", risks: [] });
});

test("another instance type: templates in place, then machines by a roll; bundles kept for the way back", async () => {
  const { lines, risks } = await reviewed(changed({ instanceType: "t4g.medium" }));
  for (const line of [
    "update aws-review/aws-review-web/aws-review-web-group-roll",
    "update aws-review/aws-review-web/aws-review-web-group-template",
  ])
    expect(lines).toContain(line);
  expect(
    lines.filter((line) => /^(replace|delete)/.test(line) && !/-bundle create-first retained: /.test(line)),
  ).toEqual([]);
  expect(risks).toEqual(["warning risk.cost-raised platform"]);
});

test("a zone less: the load balancer goes first, and its listeners with it; those for checks serve nobody", async () => {
  const { lines, risks } = await reviewed(changed({ zones: 2 }));
  expect(lines).toContain(
    "replace aws-review/aws-review-tier/aws-review-tier-lb-front delete-first: property subnets",
  );
  expect(lines).toContain(
    "replace aws-review/aws-review-web/aws-review-web-group-listener delete-first: cascade of aws-review-tier-lb-front subnets",
  );
  expect(risks).toEqual([
    "danger risk.front-replaced platform.zones",
    "danger risk.front-replaced aws-review-tier-lb-front",
    "warning risk.gap-in-service aws-review-tier-lb-http-listener",
    "warning risk.gap-in-service aws-review-tier-lb-front",
  ]);
});

test("another range: the preview can't know that the load balancer is replaced, and the review says so", async () => {
  const { lines, risks } = await reviewed(changed({}, { network: { subnet: "10.99.0.0/22" } }));
  expect(lines).toContain("update aws-review/aws-review-tier/aws-review-tier-lb-front");
  expect(lines).toContain("replace aws-review/aws-review-network create-first: property cidrBlock");
  expect(risks).toEqual([
    "danger risk.front-replaced aws-review-tier-lb-front",
    "danger risk.subnet-changed network.subnet",
  ]);
});

test("a secret that nobody needs any more is no loss: its value is the stack's own", async () => {
  const { lines, risks } = await reviewed(changed({}, { pools: { web: { active: 2 }, api: { active: 2 } } }));
  expect(lines).toContain("delete aws-review/aws-review-network-secret-token data: gone");
  expect(risks).toEqual([]);
});
