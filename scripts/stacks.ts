import { checkStack, loadStack } from "../components/model/define.ts";
import type { ClusterSpec } from "../components/model/spec.ts";
import { planForecast } from "../components/plan/describe-forecast.ts";
import { plan } from "../components/plan/plan.ts";
import type { ClusterPlan } from "../components/plan/types.ts";
import { render } from "../components/render/index.ts";
import { type PlanDocument, planDocumentSchema } from "../components/review/document.ts";
import { planContext } from "../infra/context.ts";
import { backendUrl, ownerId, personalIdentity } from "../infra/owner.ts";
import { type StackSource, stackName, stackNames, stackSource } from "../infra/stack-source.ts";
import { exitCodes, UserError } from "./exit.ts";

/** Name of the Pulumi project, as in Pulumi.yaml. */
export const projectName = "hotspare";

/** Stack that the commands use when none is named. */
export const defaultStack = "dev";

/** @throws UserError for a name that isn't in stacks/index.ts. */
export function sourceOf(stack: string): StackSource {
  const source = stackSource(stack);
  if (source !== null) return source;
  const known = stackNames().join(", ");
  throw new UserError(`there is no stack "${stack}"; stacks/index.ts has [${known}]`, exitCodes.nothingThere);
}

/** @throws UserError for a name that isn't in stacks/index.ts; SpecError with all problems of the stack. */
export function specOf(stack: string): ClusterSpec {
  return loadStack(stack, sourceOf(stack).input);
}

/** The pools of a stack by id, to say what people call them; none of a stack whose file is gone or has problems. */
export function poolsBySource(stack: string): ClusterSpec["pools"] {
  return checkStack(stackSource(stack)?.input).spec?.pools ?? {};
}

/** The owner that the program will use too, since both see the same backend. */
export function currentOwner(): string {
  return ownerId(backendUrl(), projectName, personalIdentity);
}

/**
 * What a stack comes to, without a look at what runs.
 *
 * @param source another than the stack's file, e.g. what stood earlier
 */
export function planOf(stack: string, owner = currentOwner(), source = sourceOf(stack)): ClusterPlan {
  const spec = loadStack(stack, source.input);
  return plan(spec, planContext(spec, owner, source.images));
}

/** The same as a document, with every file of every machine: what reviews compare. */
export function planDocument(stack: string, owner = currentOwner(), source = sourceOf(stack)): PlanDocument {
  const plan = planOf(stack, owner, source);
  const { acknowledge, pools } = loadStack(stack, source.input);
  const contexts = Object.values(pools).flatMap(({ name, image }) =>
    image.kind === "build" ? [[name, image.context]] : [],
  );
  return {
    schema: planDocumentSchema,
    stack: stackName(stack),
    plan,
    acknowledged: acknowledge,
    contexts: Object.fromEntries(contexts),
    forecast: planForecast(plan),
    machines: render(plan),
  };
}

/** What would stand up the stack exactly as it is now, also when its files have changed since. */
export function recordOf(stack: string): StackSource {
  const source = sourceOf(stack);
  return { input: source.input, images: source.images ?? planContext(specOf(stack), "", null).images };
}
