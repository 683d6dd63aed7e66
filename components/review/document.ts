import type { ClusterSpec } from "../model/spec.ts";
import type { Forecast } from "../plan/forecast.ts";
import type { ClusterPlan, RenderedMachine } from "../plan/types.ts";

/** Version of the document that `plan --json` prints; bump it when a field changes its meaning. */
export const planDocumentSchema = "hotspare.plan-document/1";

/** A stack as one revision of the kit plans it: all that a review compares. */
export interface PlanDocument {
  readonly schema: typeof planDocumentSchema;
  readonly stack: string;
  readonly plan: ClusterPlan;
  /** Warnings and risks that the stack accepts, with its reasons. */
  readonly acknowledged: ClusterSpec["acknowledge"];
  readonly forecast: readonly Forecast[];
  /** Every machine with its rendered files. */
  readonly machines: readonly RenderedMachine[];
}
