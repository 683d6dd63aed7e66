import { join } from "node:path";
import { expect, it } from "vitest";
import type { Review } from "../../../../../components/review/types.ts";
import { markdown } from "../../../../../scripts/review/print/markdown/index.ts";
import { dangerousSteps, engineReview, review, risk, scaled } from "../../../../support/reviews.ts";

/*
 * Comments as they are posted, whole: test/golden/review. After a change that is meant: `npx vitest run -u` on this file, and
 * read the diff.
 */

const reviews: Readonly<Record<string, Review>> = {
  scaled: review({ change: scaled }),
  dangerous: review({
    stack: "production",
    verdict: "violated",
    change: scaled,
    risks: [
      risk(),
      risk({
        code: "risk.keys-move",
        severity: "warning",
        path: "pools.web",
        message: "62 % of all keys go to another node",
        hint: "roll out when caches may be cold",
      }),
      risk({
        code: "risk.subnet-changed",
        path: "network.subnet",
        message: "every machine is replaced",
        acknowledged: "announced for Friday night",
      }),
    ],
    engine: engineReview(dangerousSteps, {
      drift: [
        {
          urn: "urn:pulumi:production::hotspare::docker:index/container:Container::web-2",
          kind: "gone",
          properties: [],
        },
      ],
    }),
  }),
  failed: review({
    verdict: "failed",
    failures: [{ phase: "preview", message: "the engine ended with code 255; run `./hotspare doctor`" }],
    change: scaled,
    engine: engineReview(dangerousSteps.slice(0, 2), {
      result: "incomplete",
      diagnostics: [{ severity: "error", urn: null, message: "no resource plugin 'docker'" }],
    }),
  }),
};

it.each(Object.entries(reviews))("%s", async (name, of) => {
  const file = join(import.meta.dirname, `../../../../golden/review/${name}.md`);
  await expect(markdown(of)).toMatchFileSnapshot(file);
});
