import type { Problem } from "../problem.ts";
import type { ClusterSpec } from "../spec.ts";

/** A check across fields, for a stack whose shape is right. Returns all that it finds. */
export type Rule = (spec: ClusterSpec) => Problem[];
