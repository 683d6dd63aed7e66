import type { Problem } from "../../../problem.ts";
import type { ClusterSpec, MetalSpec } from "../../../spec.ts";

/** A rule about a stack whose platform this is. */
export type MetalRule = (spec: ClusterSpec, platform: MetalSpec) => Problem[];
