import { loadStack } from "../../components/model/define.ts";
import { planForecast } from "../../components/plan/describe-forecast.ts";
import { plan } from "../../components/plan/plan.ts";
import { render } from "../../components/render/index.ts";
import { type PlanDocument, planDocumentSchema } from "../../components/review/document.ts";
import { planContext } from "../../infra/context.ts";
import { large } from "./stacks.ts";

/** Numbers of nodes that plans and reviews are made for; the first is what the others are compared with. */
export const sizes = [1000, 10, 100, 10_000] as const;

/** Whose clusters they are that never stand. */
const owner = "0".repeat(16);

/** All that a command knows of a cluster of so many nodes before it asks anybody: checked, planned and rendered. */
export function planned(nodes: number): PlanDocument {
  const spec = loadStack("large", large(nodes));
  const made = plan(spec, planContext(spec, owner, null));
  return {
    schema: planDocumentSchema,
    stack: "large",
    plan: made,
    acknowledged: [],
    contexts: {},
    forecast: planForecast(made),
    machines: render(made),
  };
}
