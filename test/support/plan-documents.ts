import fc from "fast-check";
import { checkStack, loadStack } from "../../components/model/define.ts";
import type { StackInput } from "../../components/model/spec.ts";
import { planForecast } from "../../components/plan/describe-forecast.ts";
import { plan } from "../../components/plan/plan.ts";
import { render } from "../../components/render/index.ts";
import { type PlanDocument, planDocumentSchema } from "../../components/review/document.ts";
import { contextFor } from "./plan-any.ts";
import { arbitraryStack } from "./specs.ts";

/** What `plan --json` prints for a stack, with fixed images and owner; `images` replaces some of the images. */
export function documentOf(
  stack: { readonly pools: object },
  images: Readonly<Record<string, string>> = {},
): PlanDocument {
  const spec = loadStack("test", stack);
  const context = contextFor(stack);
  const planned = plan(spec, { ...context, images: { ...context.images, ...images } });
  return {
    schema: planDocumentSchema,
    stack: spec.name,
    plan: planned,
    acknowledged: spec.acknowledge,
    contexts: {},
    forecast: planForecast(planned),
    machines: render(planned),
  };
}

/** Two stacks of which the second is another revision of the first: any two, or two that differ in a part only. */
export const arbitraryRevisions: fc.Arbitrary<readonly [StackInput, StackInput]> = fc
  .tuple(arbitraryStack(), arbitraryStack(), fc.constantFrom("all", "balancer", "pools", "protect"))
  .map(([before, other, part]): [StackInput, StackInput] => {
    if (part === "all") return [before, other];
    if (part === "pools") return [before, { ...before, pools: other.pools, routes: other.routes ?? [] }];
    return [before, { ...before, [part]: other[part as "balancer" | "protect"] }];
  })
  // A mixture can break a rule of the model.
  .filter((stacks) => stacks.every((stack) => checkStack(stack).spec !== null));
